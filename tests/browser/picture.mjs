// The picture of the report in README.md: the top of a report on a desktop.
//
//   node tests/browser/picture.mjs REPORT.html docs/images/report.png
//
// For the picture that is there: claimstorm run scenarios/inbound.json --seed 3 --out out/picture
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';

import { launch } from './browser.mjs';

const [report, picture] = process.argv.slice(2);
assert.ok(report && picture, 'usage: node tests/browser/picture.mjs REPORT.html PICTURE.png');

const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1200, height: 1130 }, locale: 'en-US' });
await page.goto(pathToFileURL(report).href);
await page.screenshot({ path: picture });
await browser.close();

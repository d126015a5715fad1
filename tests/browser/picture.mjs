// The picture of the report in README.md: its top on a desktop, down to the list of sections.
//
//   node tests/browser/picture.mjs REPORT.html docs/images/report.png
//
// For the picture that is there: claimstorm run scenarios/mixed.json --seed 3 --out out/picture
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';

import { launch } from './browser.mjs';

const [report, picture] = process.argv.slice(2);
assert.ok(report && picture, 'usage: node tests/browser/picture.mjs REPORT.html PICTURE.png');

const browser = await launch();
const width = 1200;
const page = await browser.newPage({ viewport: { width, height: 900 }, locale: 'en-US' });
await page.goto(pathToFileURL(report).href);
const { top } = await page.evaluate(() => document.querySelector('#tested').getBoundingClientRect().toJSON());
await page.screenshot({ path: picture, clip: { x: 0, y: 0, width, height: Math.floor(top) - 4 } });
await browser.close();

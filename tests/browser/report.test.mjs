// Opens report.html in a real browser, as a file, at three sizes and in both languages.
//
//   CLAIMSTORM=build/release/bin/claimstorm node --test tests/browser/report.test.mjs
//
// With CLAIMS_SCREENSHOTS=DIR the pages are also kept as pictures there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { launch } from './browser.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const claimstorm = process.env.CLAIMSTORM;
assert.ok(claimstorm, 'CLAIMSTORM names the program that draws the report');

const sizes = {
  phone: { width: 360, height: 740 },
  tablet: { width: 820, height: 1180 },
  desktop: { width: 1440, height: 900 },
};
const languages = {
  ko: { locale: 'ko-KR', other: 'en', button: 'English' },
  en: { locale: 'en-US', other: 'ko', button: '한국어' },
};
const reports = {
  passing: {
    ko: ['합격', '요구사항추적표', '부하 산정', '62.5 ×', '재발 없음', '서명란', '다시 실행하기'],
    en: ['Pass', 'Requirement traceability', 'Load derivation', '62.5 ×', 'has not come again',
      'Signatures', 'How to repeat the run'],
  },
  failing: {
    ko: ['불합격', '부적합', '위반 이야기', '모든 오류 응답의 최대:', '1초 이내',
      '<script>window.hostile = true</script>'],
    en: ['Fail', 'not covered', 'The stories of the violations',
      'The maximum over all error replies:', 'within 1 second',
      '<script>window.hostile = true</script>'],
  },
};

let browser;
const folder = mkdtempSync(join(tmpdir(), 'claims-browser-'));
before(async () => {
  for (const name of Object.keys(reports)) {
    execFileSync(claimstorm, ['report', join(here, 'fixtures', `${name}.json`), '--out',
      join(folder, name)]);
  }
  browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The page, with everything noted that it should not do. */
async function open(name, size, language, address = '') {
  const page = await browser.newPage({ viewport: sizes[size], locale: languages[language].locale });
  const complaints = [];
  page.on('console', (message) => complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  const file = pathToFileURL(join(folder, name, 'report.html')).href;
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== file) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(file + address);
  return { page, complaints };
}

/** The texts that are on the page and can be seen. */
const visible = (page) => page.evaluate(() => document.body.innerText);

async function keepPicture(page, name) {
  if (!process.env.CLAIMS_SCREENSHOTS) return;
  await page.screenshot({ path: join(process.env.CLAIMS_SCREENSHOTS, `${name}.png`), fullPage: true });
}

/** Elements that reach beyond the window, as a reader of a failure wants them named. */
function overflowing() {
  const wide = document.documentElement.clientWidth;
  return [...document.body.querySelectorAll('*')]
    .filter((one) => one.getBoundingClientRect().right > wide + 0.5)
    .map((one) => `${one.tagName} ${one.className.baseVal ?? one.className} ${one.textContent.slice(0, 40)}`)
    .slice(0, 5);
}

for (const [name, texts] of Object.entries(reports)) {
  for (const size of Object.keys(sizes)) {
    for (const [language, { other, button }] of Object.entries(languages)) {
      test(`${name}, ${size}, ${language}: speaks the browser's language, and the other one`, async () => {
        const { page, complaints } = await open(name, size, language);
        for (const [asked, unasked] of [[language, other], [other, language]]) {
          if (asked === other) await page.getByRole('button', { name: button }).click();
          assert.equal(await page.evaluate(() => document.documentElement.lang), asked);
          const text = await visible(page);
          for (const words of texts[asked]) assert.ok(text.includes(words), `${asked}: ${words}`);
          assert.ok(!text.includes(texts[unasked][1]), `${unasked} is still there`);
          assert.ok((await page.title()).startsWith(texts[asked][0]), await page.title());
          assert.equal(await page.evaluate(
            () => document.documentElement.scrollWidth - window.innerWidth), 0);
          assert.deepEqual(await page.evaluate(overflowing), []);
          await keepPicture(page, `${name}-${size}-${asked}`);
        }
        assert.equal(await page.evaluate(() => window.hostile), undefined);
        assert.deepEqual(complaints, []);
        await page.close();
      });
    }
  }
}

test('the language stays in the address, with the place', async () => {
  const { page, complaints } = await open('passing', 'desktop', 'ko');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('link', { name: 'Latencies' }).click();
  await page.waitForFunction(() => location.hash === '#en/latency');
  const top = () => page.evaluate(() => document.getElementById('latency').getBoundingClientRect().top);
  assert.ok(await top() < 200, 'the place is in view');
  await page.reload();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
  await page.goBack();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
  assert.deepEqual(complaints, []);
  await page.close();
});

test('each picture that is shown has a size and a name, and only one of each pair is shown', async () => {
  for (const size of Object.keys(sizes)) {
    const { page } = await open('passing', size, 'en');
    const charts = await page.evaluate(() => [...document.querySelectorAll('figure.plot')].map((figure) => ({
      id: figure.id,
      name: document.getElementById(`${figure.id}-title`).innerText,
      shown: [...figure.querySelectorAll('svg.chart')].filter((svg) => svg.getBoundingClientRect().height > 100).length,
      // Of the smallest letters in the picture, in pixels of the screen.
      letters: Math.min(...[...figure.querySelectorAll('svg.chart text')]
        .map((text) => text.getBoundingClientRect().height).filter((height) => height > 0)),
    })));
    assert.equal(charts.length, 9);
    for (const chart of charts) {
      assert.equal(chart.shown, 1, chart.id);
      assert.ok(chart.name.length > 3, chart.id);
      assert.ok(chart.letters >= 11, `${size}: ${chart.id} has letters of ${chart.letters} px`);
    }
    await page.close();
  }
});

test('prints on A4', async () => {
  for (const [name] of Object.entries(reports)) {
    for (const language of Object.keys(languages)) {
      const { page, complaints } = await open(name, 'desktop', language);
      const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
      assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
      assert.match(pdf.toString('latin1'), /MediaBox ?\[0 0 59[456][.\d]* 84[123][.\d]*\]/, 'A4');
      await page.emulateMedia({ media: 'print' });
      // The printable width of A4 at 96 pixels an inch.
      await page.setViewportSize({ width: 695, height: 1000 });
      assert.deepEqual(await page.evaluate(overflowing), []);
      assert.equal(await page.locator('nav').isVisible(), false);
      assert.equal(await page.locator('#signatures').isVisible(), true);
      assert.deepEqual(complaints, []);
      await page.close();
    }
  }
});

describe('without script', () => {
  test('the page is Korean and whole, without a switch that does nothing', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-US' });
    const page = await context.newPage();
    await page.goto(pathToFileURL(join(folder, 'passing', 'report.html')).href);
    const text = await page.locator('body').innerText();
    for (const words of reports.passing.ko) assert.ok(text.includes(words), words);
    assert.equal(await page.getByRole('button', { name: 'English' }).isVisible(), false);
    await context.close();
  });
});

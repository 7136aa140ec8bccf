// A dashboard out of a folder on a disk, without any network: both languages, with and without script. Prints what it saw as
// JSON. node look-paper.mjs FOLDER < {"page": "file:///…/index.html"}
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { launch } from "./launch.mjs";

const [folder] = process.argv.slice(2);
const { page: first } = JSON.parse(readFileSync(0, "utf8"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const home = new URL(".", first).href;
const seen = { console: [], foreign: [], overflow: [], axe: [], languages: [], fonts: [], readout: [] };
const browser = await launch();

async function open(options) {
  const context = await browser.newContext({ locale: "id-ID", offline: true, ...options });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && seen.console.push(`${page.url()}: ${message.text()}`));
  page.on("pageerror", (error) => seen.console.push(`${page.url()}: ${error}`));
  page.on("request", (request) => request.url().startsWith(home) || seen.foreign.push(request.url()));
  await page.goto(first);
  await page.evaluate(() => document.fonts.ready);
  return page;
}

try {
  for (const [screen, viewport] of Object.entries({ phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 900 } })) {
    const page = await open({ viewport });
    for (const nth of ["first", "other"]) {
      if (nth === "other") await Promise.all([page.waitForNavigation(), page.click(".lang a")]);
      await page.evaluate(axe);
      const found = await page.evaluate(() => globalThis.axe.run({ preload: false, runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
      seen.axe.push(...found.violations.map((rule) => `${nth} on ${screen}: ${rule.id} ${rule.nodes[0].target}`));
      if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) seen.overflow.push(`${nth} on ${screen}`);
      seen.languages.push(await page.evaluate(() => document.documentElement.lang));
      seen.fonts.push(await page.evaluate(() => [...document.fonts].filter((font) => font.status === "loaded").length > 0));
      const shown = page.locator(`.chart-${screen === "phone" ? "narrow" : "wide"} .hits[role="slider"]`).first();
      const before = await page.locator("output.readout").first().innerText();
      await shown.press("ArrowLeft");
      seen.readout.push(before !== await page.locator("output.readout").first().innerText());
      await page.screenshot({ path: `${folder}/${nth}-${screen}.png`, fullPage: true });
    }
    await page.context().close();
  }
  const plain = await open({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: false });
  await plain.locator("figure details summary").first().click();
  seen.plain = await plain.locator("figure tbody tr").first().isVisible();
  await plain.context().close();
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));

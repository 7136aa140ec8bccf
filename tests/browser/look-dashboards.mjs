// Every dashboard on every screen, by day and by night, in both languages: rules of accessibility, console, foreign requests,
// width; the way through it by keyboard; tables held against charts; all of it without script. Prints what it saw as JSON.
// node look-dashboards.mjs FOLDER < {"address", "boards": {"name": "/path"}}
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { launch } from "./launch.mjs";

const [folder] = process.argv.slice(2);
const { address, boards } = JSON.parse(readFileSync(0, "utf8"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const seen = { console: [], foreign: [], overflow: [], axe: [], looked: 0, keyboard: [], tables: [], plain: [], wall: [], bytes: {} };
const browser = await launch();

const screens = { phone: { viewport: { width: 360, height: 740 }, isMobile: true }, desktop: { viewport: { width: 1280, height: 900 } } };
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

async function open(options) {
  const context = await browser.newContext({ locale: "id-ID", bypassCSP: true, ...options });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && seen.console.push(`${page.url()}: ${message.text()}`));
  page.on("pageerror", (error) => seen.console.push(`${page.url()}: ${error}`));
  page.on("request", (request) => request.url().startsWith(address) || seen.foreign.push(request.url()));
  return page;
}

async function go(page, path) {
  await page.goto(address + path);
  await page.evaluate(() => document.fonts.ready);
}

// What breaks a rule: the rule, and the first places.
async function broken(page) {
  await page.evaluate(axe);
  const found = await page.evaluate((values) => globalThis.axe.run({ preload: false, runOnly: { type: "tag", values }, resultTypes: ["violations"] }), rules);
  return found.violations.map((rule) => `${rule.id}: ${rule.nodes.slice(0, 3).map((node) => `${node.target} ${node.any.map((it) => it.message)}`).join("; ")}`);
}

// Tab from the top: the way past the menu first, then every stop in view with a ring round it, and out again.
async function by_keyboard(page, name) {
  await page.keyboard.press("Tab");
  const skip = await page.evaluate(() => document.activeElement.className);
  if (skip !== "skip") seen.keyboard.push(`${name}: Tab first comes to "${skip}", not past the menu`);
  await page.keyboard.press("Enter");
  const main = await page.evaluate(() => document.activeElement.id);
  if (main !== "main") seen.keyboard.push(`${name}: past the menu is "${main}"`);
  const stops = await page.evaluate(() =>
    [...document.querySelectorAll("main :is(a[href], button, input:not([type=hidden]), select, summary, [tabindex='0'])")].filter((node) => node.checkVisibility({ visibilityProperty: true })).length);
  for (let stop = 0; stop < Math.min(stops, 60); stop++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const node = document.activeElement, box = node.getBoundingClientRect(), style = getComputedStyle(node);
      const has_ring = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || parseFloat(style.strokeWidth) >= 2;
      return { what: `${node.tagName} ${node.id || node.textContent.trim().slice(0, 30)}`, has_ring, is_seen: box.bottom > 0 && box.top < innerHeight, is_in: !!node.closest("main") };
    });
    if (!at.is_in) { seen.keyboard.push(`${name}: after ${stop} of ${stops} stops the page is left`); break; }
    if (!at.has_ring) seen.keyboard.push(`${name}: no ring round ${at.what}`);
    if (!at.is_seen) seen.keyboard.push(`${name}: ${at.what} is out of sight`);
  }
}

// Each day of a chart that has a figure stands in its table with the same one.
async function tables(page, name) {
  const wrong = await page.evaluate(() => [...document.querySelectorAll("figure:has(table)")].flatMap((figure) => {
    const told = [...figure.querySelectorAll(".chart-wide .hits rect, .chart-wall .hits rect")].flatMap((rect) => rect.dataset.label.split("\n"));
    const rows = [...figure.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
    if (!rows.length || !told.length) return [`${figure.id}: ${rows.length} rows, ${told.length} marks`];
    const numbers = (text) => text.match(/\d+(?:[.,]\d+)*/g) ?? [];
    return rows.flatMap(([day, ...cells]) => {
      // A strip has several marks a day, one a row.
      const label = told.filter((text) => text.startsWith(`${day}: `)).map((text) => text.slice(day.length)).join(" ");
      if (!label) return [`${figure.id}: ${day} is in the table and not in the chart`];
      const said = label;
      const missing = cells.flatMap((cell) => numbers(cell.split(": ").at(-1))).filter((number) => !numbers(said).includes(number));
      return missing.map((number) => `${figure.id}: ${day} is ${number} in the table, ${said} in the chart`);
    });
  }));
  seen.tables.push(...wrong.map((text) => `${name}: ${text}`));
}

try {
  for (const [screen, size] of Object.entries(screens)) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await open({ ...size, colorScheme });
      for (const [name, path] of Object.entries(boards)) {
        for (const lang of ["id", "en"]) {
          const look = `${name}-${screen}-${colorScheme}-${lang}`;
          await go(page, `${path}?lang=${lang}`);
          seen.looked++;
          if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) seen.overflow.push(look);
          seen.axe.push(...(await broken(page)).map((text) => `${look}: ${text}`));
          await page.screenshot({ path: `${folder}/${look}.png`, fullPage: true });
          if (screen === "desktop" && colorScheme === "light" && lang === "id") {
            await tables(page, name);
            await by_keyboard(page, name);
          }
        }
      }
      await page.context().close();
    }
  }

  // Stronger contrast, by the device and by the address, and the past.
  const strong = await open({ ...screens.desktop, contrast: "more" });
  for (const [look, path] of [["contrast", "/"], ["contrast-dark", "/?theme=dark&contrast=more"], ["past", "/?as_of=2021-06-24"], ["no-data", "/?as_of=2021-05-01"]]) {
    await go(strong, path);
    seen.axe.push(...(await broken(strong)).map((text) => `${look}: ${text}`));
    await strong.screenshot({ path: `${folder}/mayor-${look}.png`, fullPage: true });
  }
  await strong.context().close();
  const forced = await open({ ...screens.desktop, forcedColors: "active" });
  await go(forced, "/");
  await forced.screenshot({ path: `${folder}/mayor-forced.png`, fullPage: true });
  await forced.context().close();

  // A wall: one screen without scrolling, letters of 32 px and more.
  const wall = await open({ viewport: { width: 1920, height: 1080 } });
  await go(wall, boards.wall);
  seen.wall = await wall.evaluate(() => {
    const wrong = [];
    if (document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth) wrong.push("it scrolls");
    for (const node of document.querySelectorAll("body *")) {
      const words = [...node.childNodes].filter((child) => child.nodeType === 3 && child.textContent.trim()).map((child) => child.textContent.trim()).join(" ");
      if (!words || !node.checkVisibility({ visibilityProperty: true }) || node.closest(".visually-hidden, title, desc")) continue;
      const svg = node.ownerSVGElement, scale = svg ? svg.getScreenCTM().a * (node.getCTM().a / svg.getCTM().a || 1) : 1;
      const px = svg ? parseFloat(getComputedStyle(node).fontSize) * node.getScreenCTM().a : parseFloat(getComputedStyle(node).fontSize) * scale;
      if (px < 31.95) wrong.push(`"${words}" is ${px.toFixed(1)} px`);
      const box = node.getBoundingClientRect();
      if (box.bottom > innerHeight + 1 || box.right > innerWidth + 1) wrong.push(`"${words}" is cut off`);
    }
    return wrong;
  });
  await wall.screenshot({ path: `${folder}/wall-1080.png` });
  await wall.context().close();

  // Without script: the same words, and the past is asked for by the form.
  const plain = await open({ ...screens.phone, javaScriptEnabled: false });
  for (const [name, path] of Object.entries(boards)) {
    await go(plain, `${path}?lang=en`);
    const words = await plain.locator("main").innerText();
    if (!/WFH 100%|2,083/.test(words)) seen.plain.push(`${name}: ${words.slice(0, 80)}`);
  }
  await go(plain, "/?lang=en&theme=dark");
  await plain.locator("#when summary").click();
  await plain.fill("#when-day", "2021-06-24");
  await Promise.all([plain.waitForNavigation(), plain.click("#when button")]);
  seen.asked = new URL(plain.url()).search;
  seen.past = await plain.locator("#past p").innerText();
  await plain.locator("#past a").click();
  await plain.waitForURL(/\?lang=en&theme=dark$/);
  seen.back = await plain.locator("#past").count();
  await plain.context().close();

  // Paper in grey, as an office printer gives it.
  const paper = await open(screens.desktop);
  await go(paper, "/");
  await paper.pdf({ path: `${folder}/mayor.pdf`, format: "A4", printBackground: false });
  execFileSync("pdftoppm", ["-r", "110", "-gray", "-png", "-singlefile", `${folder}/mayor.pdf`, `${folder}/mayor-paper-grey`]);
  seen.paper_pages = Number(execFileSync("pdfinfo", [`${folder}/mayor.pdf`]).toString().match(/Pages:\s+(\d+)/)[1]);
  rmSync(`${folder}/mayor.pdf`);
  await paper.context().close();
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));

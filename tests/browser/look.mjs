// Looks at the pages as people do: phone, desktop, dark, paper, keyboard, without script. Prints what it saw as JSON.
// node look.mjs ADDRESS FOLDER
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { launch } from "./launch.mjs";

const [address, folder] = process.argv.slice(2);
const seen = { console: [], foreign: [], overflow: [], first_paint_bytes: 0 };
const browser = await launch();

async function open(options, path = "/") {
  const context = await browser.newContext({ locale: "id-ID", ...options });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && seen.console.push(`${path}: ${message.text()}`));
  page.on("pageerror", (error) => seen.console.push(`${path}: ${error}`));
  page.on("request", (request) => request.url().startsWith(address) || seen.foreign.push(request.url()));
  await page.goto(address + path);
  await page.evaluate(() => document.fonts.ready);
  return page;
}

async function note_overflow(page, name) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  if (wide) seen.overflow.push(name);
}

const screens = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true },
  small: { viewport: { width: 360, height: 740 }, isMobile: true },
  desktop: { viewport: { width: 1280, height: 900 } },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
};
const pages = { mayor: "/", officials: "/officials", analyst: "/analyst", mailbox: "/mailbox", dictionary: "/dictionary", english: "/?lang=en", unknown: "/?date=2021-06-26" };

try {
  for (const [screen, options] of Object.entries(screens)) {
    for (const [name, path] of Object.entries(pages)) {
      const page = await open(options, path);
      await note_overflow(page, `${name} on ${screen}`);
      await page.screenshot({ path: `${folder}/${name}-${screen}.png`, fullPage: true });
      await page.context().close();
    }
  }

  const phone = await open(screens.phone);
  const card = await phone.locator("section.level h1").boundingBox();
  const headline = await phone.locator(".level-why .lead").first().boundingBox();
  seen.level_in_first_screen = card.y + card.height < 844 && headline.y < 844;
  seen.first_paint_bytes = await phone.evaluate(() =>
    performance.getEntries().reduce((sum, entry) => sum + (entry.transferSize ?? 0), 0));
  await phone.context().close();

  const desktop = await open(screens.desktop);
  const before = await desktop.locator("output.readout").first().innerText();
  await desktop.locator('.chart-wide .hits[role="slider"]').first().press("ArrowLeft");
  const after = await desktop.locator("output.readout").first().innerText();
  seen.readout_by_keyboard = before !== after && after.length > 0;
  const slider = desktop.locator('.chart-wide .hits[role="slider"]').first();
  seen.readout_is_the_sliders_text = (await slider.getAttribute("aria-valuetext")) === after;
  const third = slider.locator("rect").nth(2);
  const place = await third.boundingBox();
  await desktop.mouse.move(place.x + place.width / 2, place.y + place.height / 2);
  seen.readout_by_pointer =
    (await third.getAttribute("data-label")) === await desktop.locator("output.readout").first().innerText();
  await desktop.pdf({ path: `${folder}/mayor.pdf`, format: "A4", printBackground: true });
  execFileSync("pdftoppm", ["-r", "80", "-png", "-singlefile", `${folder}/mayor.pdf`, `${folder}/mayor-print`]);
  const about = execFileSync("pdfinfo", [`${folder}/mayor.pdf`]).toString();
  seen.print_pages = Number(about.match(/Pages:\s+(\d+)/)[1]);
  rmSync(`${folder}/mayor.pdf`);
  await desktop.context().close();

  const plain = await open({ ...screens.desktop, javaScriptEnabled: false });
  const words = await plain.locator("main").innerText();
  seen.without_script = words.includes("WFH 100%") && words.includes("2.083 kasus");
  await plain.context().close();
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));

// An address is tried, kept with its hour, tried again and kept anew: pages only. Prints what it saw as JSON.
// node look-address.mjs FOLDER < {"invitation": "http://…", "password", "publisher": "http://…"}
import { readFileSync } from "node:fs";
import { launch } from "./launch.mjs";
import { photographer } from "./picture.mjs";
import { code } from "./totp.mjs";

const [folder] = process.argv.slice(2);
const { invitation, password, publisher } = JSON.parse(readFileSync(0, "utf8"));
const address = new URL(invitation).origin;
const seen = { console: [], foreign: [], overflow: [] };
const browser = await launch();

const screens = {
  phone: { viewport: { width: 390, height: 844 } },
  small: { viewport: { width: 320, height: 640 } },
  desktop: { viewport: { width: 1280, height: 900 } },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
};

const picture = photographer({ folder, screens, told: seen.overflow, after: screens.phone });
const submit = (page, selector) => Promise.all([page.waitForNavigation(), page.click(selector)]);

try {
  const opened = await browser.newContext({ locale: "id-ID", ...screens.phone });
  opened.on("page", (page) => {
    page.on("console", (message) => {
      const isStatus = /status of 422/.test(message.text()); // a page that says no is no fault of the page
      if (message.type() === "error" && !isStatus) seen.console.push(`${page.url()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => seen.console.push(`${page.url()}: ${error}`));
    page.on("request", (request) => request.url().startsWith(address) || seen.foreign.push(request.url()));
  });
  const page = await opened.newPage();
  await page.goto(invitation);
  await page.fill("#password", password);
  await page.fill("#repeated", password);
  await submit(page, "main form .btn-primary");
  const secret = (await page.locator("code.secret").innerText()).replaceAll(" ", "");
  await page.fill("#code", code(secret, Date.now() / 1000));
  await submit(page, "main form .btn-primary");
  const asks = async (what) => {
    await page.goto(`${address}/figures`);
    await page.fill("#address", what);
    await submit(page, "form[action='/figures/address'] button");
  };

  await asks("http://127.0.0.1:9/harian.csv");
  seen.nothing = await page.locator("#address-fault").innerText();
  await picture(page, "1-nothing");
  await asks(publisher);
  seen.button = await page.locator(".take .btn-primary").innerText();
  await page.selectOption("#by", "17:00");
  await picture(page, "2-preview");
  await submit(page, ".take .btn-primary");
  seen.kept = await page.locator("[role=status] h2").innerText();

  // Tried again it brings nothing new, and can be kept all the same.
  await asks(publisher);
  seen.only = await page.locator(".take .btn-primary").innerText();
  seen.described = await page.getAttribute("#by", "aria-describedby");
  await picture(page, "3-nothing-new");
  await page.selectOption("#by", "08:00");
  await submit(page, ".take .btn-primary");
  // A connection that was open beside the form may still belong to the server that ends; the one that follows knows the new hour.
  for (let tries = 0; tries < 40; tries += 1) {
    await page.goto(`${address}/sources`);
    if ((await page.locator(".card-rows dd", { hasText: "08.00" }).count()) > 0) break;
  }
  seen.late = await page.locator(".fact .fault").count();
  seen.cadence = await page.locator(".card-rows dd", { hasText: "paling lambat" }).first().innerText();
  await picture(page, "4-sources");
  await opened.close();
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));

// Goes through the doors as people do: with the keyboard only, on phone and desktop, in the dark, without script.
// Prints what it saw as JSON. node look-doors.mjs FOLDER < {"address", "seconds", "password", "invitation", "secret"}
import { readFileSync } from "node:fs";
import { focused } from "./focus.mjs";
import { launch } from "./launch.mjs";
import { photographer } from "./picture.mjs";
import { code as codeAt } from "./totp.mjs";

const [folder] = process.argv.slice(2);
const { address, seconds, password, invitation, secret } = JSON.parse(readFileSync(0, "utf8"));
const seen = { console: [], foreign: [], overflow: [] };
const browser = await launch();

// The server's time stands still.
const code = (secret) => codeAt(secret, seconds);

async function context(options) {
  const opened = await browser.newContext({ locale: "id-ID", ...options });
  await opened.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  opened.on("page", (page) => {
    page.on("console", (message) => {
      const isStatus = /status of (403|404|410|422)/.test(message.text()); // a page that says no is no fault of the page
      if (message.type() === "error" && !isStatus) seen.console.push(`${page.url()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => seen.console.push(`${page.url()}: ${error}`));
    page.on("request", (request) => request.url().startsWith(address) || seen.foreign.push(request.url()));
  });
  return opened;
}

const screens = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true },
  small: { viewport: { width: 360, height: 740 }, isMobile: true },
  desktop: { viewport: { width: 1280, height: 900 } },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
};

const picture = photographer({ folder, screens, told: seen.overflow });

const at = (page) => new URL(page.url()).pathname;
const type = (page, text) => page.keyboard.type(text);
const press = async (page, ...keys) => { for (const key of keys) await page.keyboard.press(key); };
const enter = (page) => Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);

try {
  // The one-time link: a password, the telephone, recovery codes. No mouse.
  const house = await context(screens.desktop);
  const page = await house.newPage();
  await page.goto(`${address}/invitation/${invitation}`);
  seen.invitation_focus = await focused(page);
  await picture(page, "invitation");
  await type(page, "pendek");
  await press(page, "Tab");
  await type(page, "pendek");
  await enter(page);
  seen.fault_focus = await focused(page);
  seen.fault_described = await page.getAttribute("#password", "aria-describedby");
  await picture(page, "invitation-fault");
  await page.focus("#password");
  await type(page, password);
  await press(page, "Tab");
  await type(page, password);
  await enter(page);
  seen.enrol = at(page);
  await picture(page, "enrol");
  const key = (await page.locator("code.secret").innerText()).replaceAll(" ", "");
  await page.focus("#code");
  await type(page, "000000");
  await enter(page);
  seen.wrong_code = await page.locator("#code-fault").innerText();
  await picture(page, "enrol-fault");
  await type(page, code(key));
  await enter(page);
  const codes = await page.locator(".codes li").allInnerTexts();
  seen.recovery_codes = codes.length;
  await picture(page, "recovery");
  await page.focus("main a.btn-primary");
  await enter(page);
  seen.arrived = at(page);
  await picture(page, "account");
  await page.evaluate(() => { document.querySelector("#make-token").open = true; });
  await picture(page, "account-token");

  // The accounts, the log.
  await page.goto(`${address}/accounts`);
  await picture(page, "accounts");
  await page.locator("#add summary").press("Enter");
  await page.locator("#name").focus();
  await type(page, "siti.aminah");
  await page.locator("#role").selectOption("unit_head");
  await page.locator("#add button").press("Enter");
  await page.waitForSelector("[role=alert]");
  seen.unit_fault = await page.locator("#unit-fault").count();
  await picture(page, "accounts-fault");
  await page.locator("#unit").selectOption({ index: 1 });
  await page.locator("#add button").press("Enter");
  await page.waitForSelector("code.secret");
  seen.link = (await page.locator("code.secret").first().innerText()).startsWith(`${address}/invitation/`);
  await page.evaluate(() => { document.querySelector(".accounts details").open = true; });
  await picture(page, "accounts-link");
  await page.goto(`${address}/audit`);
  seen.audit_rows = await page.locator("tbody tr").count();
  await picture(page, "audit");
  await page.goto(`${address}/audit?actor=nobody`);
  await picture(page, "audit-none");
  const jar = await house.cookies();
  const session = jar.find((cookie) => cookie.name === "__Host-siaga");
  seen.cookie = session && [session.secure, session.httpOnly, session.sameSite, session.path];
  await page.locator(".person button").press("Enter");
  await page.waitForURL(`${address}/`);
  seen.signed_out = !(await house.cookies()).some((cookie) => cookie.name === "__Host-siaga");
  await page.goto(`${address}/accounts`);
  seen.asked_again = page.url().replace(address, "");
  await house.close();

  // A person with a telephone, by keyboard: from the page that was asked for to that page.
  const own = await context(screens.desktop);
  const mayor = await own.newPage();
  await mayor.goto(`${address}/analyst`);
  await picture(mayor, "sign-in");
  seen.sign_in_focus = await focused(mayor);
  await type(mayor, "sekda");
  await press(mayor, "Tab");
  await type(mayor, "salah");
  await enter(mayor);
  seen.alert = await mayor.locator("[role=alert]").innerText();
  seen.name_kept = await mayor.inputValue("#name");
  await picture(mayor, "sign-in-fault");
  await type(mayor, password);
  await enter(mayor);
  seen.second_step = at(mayor);
  await picture(mayor, "second-step");
  seen.second_step_focus = await focused(mayor);
  await type(mayor, code(secret));
  await enter(mayor);
  seen.came_back = at(mayor);
  await mayor.goto(`${address}/`);
  await picture(mayor, "mayor-signed-in");
  const card = await mayor.locator("section.level h1").boundingBox();
  seen.level_first = card.y < 400;
  await mayor.goto(`${address}/accounts`);
  await picture(mayor, "refused");
  seen.refused = await mayor.locator("h1").innerText();
  await own.close();

  // Anybody.
  const anybody = await context(screens.phone);
  const stranger = await anybody.newPage();
  for (const [name, path] of [["public", "/"], ["privacy", "/privacy"], ["privacy-en", "/privacy?lang=en"], ["gone", "/invitation/x"]]) {
    await stranger.goto(address + path);
    await picture(stranger, name);
  }
  await anybody.close();

  // Without script all of it works the same.
  const plain = await context({ ...screens.phone, javaScriptEnabled: false });
  const simple = await plain.newPage();
  await simple.goto(`${address}/sign-in?next=/analyst`);
  await simple.fill("#name", "siti");
  await simple.fill("#password", password);
  await simple.click("main button");
  await simple.waitForURL(`${address}/analyst`);
  seen.without_script = at(simple);
  await plain.close();
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));

// From the printed link to the first level, as an official does it: pages only. Prints what it saw as JSON.
// node look-first-start.mjs FOLDER < {"link", "password", "figures": "date,location,…"}
import { readFileSync } from "node:fs";
import { focused } from "./focus.mjs";
import { launch } from "./launch.mjs";
import { photographer } from "./picture.mjs";
import { code as codeAt } from "./totp.mjs";

const [folder] = process.argv.slice(2);
const { link, password, figures } = JSON.parse(readFileSync(0, "utf8"));
const address = new URL(link).origin;
const seen = { console: [], foreign: [], overflow: [] };
const browser = await launch();

// The time of this machine is the server's.
const code = (secret) => codeAt(secret, Date.now() / 1000);

const screens = {
  phone: { viewport: { width: 390, height: 844 } },
  small: { viewport: { width: 320, height: 640 } },
  desktop: { viewport: { width: 1280, height: 900 } },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
};

const picture = photographer({ folder, screens, told: seen.overflow, after: screens.phone });

const at = (page) => new URL(page.url()).pathname.replace(/\/set-up\/[^/]+/, "/set-up");
const submit = (page, selector = "main form .btn-primary") => Promise.all([page.waitForNavigation(), page.click(selector)]);

try {
  const opened = await browser.newContext({ locale: "id-ID", ...screens.phone });
  await opened.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  opened.on("page", (page) => {
    page.on("console", (message) => {
      const isStatus = /status of (422|503)/.test(message.text()); // a page that says no is no fault of the page
      if (message.type() === "error" && !isStatus) seen.console.push(`${page.url()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => seen.console.push(`${page.url()}: ${error}`));
    page.on("request", (request) => request.url().startsWith(address) || seen.foreign.push(request.url()));
  });
  const page = await opened.newPage();

  // A stranger is told.
  await page.goto(`${address}/`);
  seen.stranger = await page.locator("h1").innerText();
  await picture(page, "0-stranger");

  // The city: by keyboard, found by a part of its name.
  await page.goto(link);
  seen.search_focus = await focused(page);
  await picture(page, "1-city-search");
  await page.keyboard.type("atlantis");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  seen.none_described = await page.getAttribute("#q", "aria-describedby");
  await picture(page, "1-city-none");
  await page.fill("#q", "kota bo");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  await picture(page, "1-city-found");
  seen.found = await page.locator(".choices a").count();
  await Promise.all([page.waitForNavigation(), page.locator(".choices a", { hasText: "Kota Bontang" }).click()]);
  seen.city = await page.locator("h1").innerText();
  seen.zone = await page.locator("input[name=zone]:checked").getAttribute("value");
  await picture(page, "1-city");
  await page.fill("#population", "181,618");
  await submit(page);
  seen.population_focus = await focused(page);
  await picture(page, "1-city-fault");
  await page.fill("#population", "181.618");
  await submit(page);

  // The policy, and back and forth again.
  seen.policy = at(page);
  await picture(page, "2-policy");
  await page.locator(".progress a").first().click();
  await page.waitForURL("**/city");
  await page.goBack();
  await submit(page);

  // The owner.
  seen.account = at(page);
  await page.fill("#name", "siti");
  await page.fill("#password", "pendek");
  await page.fill("#repeated", "pendek");
  await submit(page);
  await picture(page, "3-account-fault");
  seen.name_kept = await page.inputValue("#name");
  await page.fill("#person", "Siti Aminah");
  await page.fill("#password", password);
  await page.fill("#repeated", password);
  await picture(page, "3-account");
  await submit(page);
  seen.enrol = at(page);
  await picture(page, "3-second-step");
  const secret = (await page.locator("code.secret").innerText()).replaceAll(" ", "");
  await page.fill("#code", code(secret));
  await submit(page);
  await picture(page, "3-recovery");
  await Promise.all([page.waitForNavigation(), page.click("main a.btn-primary")]);

  // The first figures.
  seen.figures = at(page);
  await picture(page, "4-figures");
  await page.fill("#publisher", "Dinas Kesehatan");
  await page.fill("#cases", "1,833");
  await submit(page, "form[action='/figures/typed'] button");
  await picture(page, "4-figures-fault");
  seen.typed_fault = await page.locator("#cases-fault").count();

  // Fourteen days at once: measures chosen, a slip that leads to its cell, then looked at.
  await page.goto(`${address}/figures`);
  await Promise.all([page.waitForNavigation(), page.click(".note a[href*='days=14']")]);
  seen.days = await page.locator(".days tbody tr").count();
  await picture(page, "4-days");
  await page.click(".span summary");
  await page.check("input[name=m-active]");
  await page.check("input[name=m-tests]");
  await picture(page, "4-days-measures");
  await submit(page, ".span button");
  seen.days_columns = await page.locator(".days thead th").count();
  await page.fill("#publisher", "Dinas Kesehatan");
  const inputs = page.locator(".days td input");
  for (let nth = 0; nth < 9; nth += 1) await inputs.nth(nth).fill(nth === 3 ? "1,833" : `1.${100 + nth}`);
  await submit(page, ".days button");
  seen.slips_focus = await focused(page, "role");
  seen.slips = await page.locator(".days [role=alert] a").count();
  await picture(page, "4-days-slip");
  await page.click(".days [role=alert] a");
  seen.slip_leads_to = await page.evaluate(() => document.querySelector(":target")?.value ?? "");
  await inputs.nth(3).fill("1.833");
  await page.click(".days .more summary");
  await picture(page, "4-days-series");
  await submit(page, ".days button");
  seen.days_button = await page.locator(".take .btn-primary").innerText();
  await picture(page, "4-days-preview");

  // The template comes as a file; one filled in is recognised; a file that is neither is told what to do.
  await page.goto(`${address}/figures`);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(".template .btn")]);
  seen.template = download.suggestedFilename().replace(/\d{4}-\d\d-\d\d/, "DAY");
  await page.setInputFiles("#file", await download.path().then((path) => ({ name: seen.template, mimeType: "", buffer: readFileSync(path) })));
  await submit(page, "form[action='/figures/file'] button");
  seen.recognised = await page.locator(".page-head .hint").innerText();
  await picture(page, "5-template-empty");
  await page.goto(`${address}/figures`);
  await page.setInputFiles("#file", { name: "pegawai.csv", mimeType: "text/csv", buffer: Buffer.from("Nama;Umur\nSiti;30\n") });
  await submit(page, "form[action='/figures/file'] button");
  seen.unread = await page.locator("[role=alert] h2").innerText();
  await picture(page, "5-unread");
  await page.goto(`${address}/figures`);
  await page.setInputFiles("#file", { name: "kota-bontang.csv", mimeType: "text/csv", buffer: Buffer.from(figures) });
  await submit(page, "form[action='/figures/file'] button");
  seen.button = await page.locator(".take .btn-primary").innerText();
  seen.refused_rows = await page.locator("tbody th.num").count();
  await picture(page, "5-preview");
  await submit(page, ".take .btn-primary");
  seen.kept = await page.locator("[role=status] h2").innerText();
  await picture(page, "6-run");

  // The level, and what came in.
  await page.goto(`${address}/`);
  seen.level = await page.locator("section.level h1").innerText();
  seen.brand = await page.locator(".brand").innerText();
  await picture(page, "7-level");
  for (const [name, path] of [["8-runs", "/runs"], ["8-sources", "/sources"], ["8-officials", "/officials"], ["8-figures-later", "/figures"]]) {
    await page.goto(address + path);
    await picture(page, name);
  }
  // An empty cell of a known day is shown as what it takes away.
  await page.goto(`${address}/figures`);
  const emptied = figures.replace(/,cases,20$/m, ",cases,").replace(/,cases,23$/m, ",cases,");
  await page.setInputFiles("#file", { name: "kota-bontang-kosong.csv", mimeType: "text/csv", buffer: Buffer.from(emptied) });
  await submit(page, "form[action='/figures/file'] button");
  seen.taken = await page.locator("#taken-h").innerText();
  await picture(page, "5-preview-taken");

  // Another file tells everything otherwise: it is held, and the owner is told who may decide.
  await page.goto(`${address}/figures`);
  const otherwise = figures.replaceAll(/,cases,(\d+)$/gm, (_, cases) => `,cases,${cases * 3}`);
  await page.setInputFiles("#file", { name: "kota-bontang-lain.csv", mimeType: "text/csv", buffer: Buffer.from(otherwise) });
  await submit(page, "form[action='/figures/file'] button");
  await picture(page, "9-preview-held");
  await submit(page, ".take .btn-primary");
  const held = page.url().split("?")[0];
  seen.owner_may_decide = await page.locator("textarea").count();
  seen.who = await page.locator(".who .btn").allInnerTexts();
  await picture(page, "9-held-owner");
  await page.goto(`${address}/`);
  seen.told = await page.locator(".pairs a[href^='/runs/']").count();

  // A data officer is added, comes with the link, and lets it in.
  await page.goto(held);
  await Promise.all([page.waitForNavigation(), page.click(".who .btn:last-child")]);
  seen.role_meant = await page.inputValue("#role");
  await picture(page, "9-adding");
  await page.fill("#name", "budi");
  await submit(page, "#add button");
  const invitation = await page.locator("code.secret").first().innerText();
  const desk = await browser.newContext({ locale: "id-ID", ...screens.phone });
  const officer = await desk.newPage();
  await officer.goto(invitation);
  await officer.fill("#password", password);
  await officer.fill("#repeated", password);
  await submit(officer);
  await officer.fill("#code", code((await officer.locator("code.secret").innerText()).replaceAll(" ", "")));
  await submit(officer);
  await officer.goto(held);
  await officer.fill("#reason", "ya");
  await submit(officer);
  seen.reason_fault = await focused(officer);
  await picture(officer, "9-held");
  await officer.fill("#reason", "Dinkes membetulkan angka tiga pekan, surat 23 November");
  await submit(officer);
  seen.released = await officer.locator("[role=status] h2").innerText();
  await picture(officer, "9-released");
  await desk.close();

  await page.goto(link);
  seen.link_over = at(page);
  await opened.close();

  // Without script the same forms work.
  const plain = await browser.newContext({ locale: "id-ID", ...screens.phone, javaScriptEnabled: false });
  const simple = await plain.newPage();
  await simple.goto(link);
  seen.without_script = at(simple);
  await plain.close();
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));

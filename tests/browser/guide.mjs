// Takes the pictures of docs/guide.md and docs/guide.id.md anew: node tests/browser/guide.mjs PROGRAM docs/picture
// It runs a demonstration of its own to 28 June 2021 in a folder that it removes again, on a free port, signs somebody in who
// decides, and goes the ways that the guide describes. Small WebP, in Bahasa Indonesia. Prints each picture with its size.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { launch } from "./launch.mjs";
import { code } from "./totp.mjs";

const [program, folder] = process.argv.slice(2).map((path) => resolve(path));
if (!folder) throw new Error("usage: node guide.mjs PROGRAM FOLDER");

const DAY = "2021-06-28";
// The clock of a demonstration that has come to its end stands there.
const LAST_SECOND = Date.parse(`${DAY}T23:59:59+07:00`) / 1000;
const LARGEST = 120_000;
const PASSWORD = "kuda laut naik sepeda ke pasar";
const phone = { viewport: { width: 390, height: 760 }, deviceScaleFactor: 2, isMobile: true };
const desk = { viewport: { width: 1180, height: 820 }, deviceScaleFactor: 1 };

const house = mkdtempSync(join(tmpdir(), "siaga-guide-"));
const env = { PATH: process.env.PATH, SIAGA_SERVER_LISTEN: "127.0.0.1:0" };
const siaga = (...args) =>
  execFileSync(program, args, { cwd: house, env: { ...env, SIAGA_DATABASE_URL: "sqlite://var/demo/siaga.sqlite" }, stdio: ["ignore", "pipe", "pipe"] }).toString();

// The day before's total told lower than it was: what no source should send.
const CONTRADICTION = `location,measure,date,value
3271,cases_total,2021-06-27,12000
3271,cases_total,2021-06-28,11000
`;
// Officers and attendance of two units: invented, as everything about single units here is.
const OFFICERS = `officer_id,unit,name,title,position,phone
b-1,bapenda,Petugas Satu,Kepala Subbidang,eselon_4,0811 0000 001
b-2,bapenda,Petugas Dua,,staff,0811 0000 002
b-3,bapenda,Petugas Tiga,,staff,0811 0000 003
b-4,bapenda,Petugas Empat,,staff,0811 0000 004
d-1,dinkes,Petugas Lima,,staff,0811 0000 005
d-2,dinkes,Petugas Enam,,staff,0811 0000 006
d-3,dinkes,Petugas Tujuh,,staff,0811 0000 007
d-4,dinkes,Petugas Delapan,,staff,0811 0000 008
`;

// The first line that it prints is its address.
function served() {
  const child = spawn(program, ["demo", "--until", DAY], { cwd: house, env, stdio: ["ignore", "ignore", "pipe"] });
  return new Promise((found, failed) => {
    let said = "";
    child.stderr.on("data", (bytes) => {
      said += bytes;
      const address = said.match(/^(http:\/\/\S+?)\/?\n/)?.[1];
      if (address) found({ child, address });
    });
    child.on("exit", (status) => failed(new Error(`the demonstration ended with ${status} after "${said}"`)));
  });
}

// Somebody with a role, from the one-time link to the second step where the role needs one.
async function signed_in(page, address, name, role) {
  const link = new URL(siaga("user", "add", name, "--role", role).trim());
  await page.goto(address + link.pathname);
  await page.fill("#password", PASSWORD);
  await page.locator("form input[type=password]").nth(1).fill(PASSWORD);
  await Promise.all([page.waitForNavigation(), page.locator("main form button[type=submit]").first().click()]);
  if (new URL(page.url()).pathname !== "/sign-in/enrol") return; // a role that works without a second step
  const key = (await page.locator("code.secret").innerText()).replaceAll(" ", "");
  await page.fill("#code", code(key, LAST_SECOND));
  await Promise.all([page.waitForNavigation(), page.locator("main form button[type=submit]").first().click()]);
  if (!(await page.locator(".codes li").count())) throw new Error(`${name} did not come in: ${await page.locator("main").innerText()}`);
}

// A form is sent; a file is handed in by one.
async function sent(page, action) {
  await Promise.all([page.waitForNavigation(), page.locator(`form[action='${action}'] button[type=submit]`).first().click()]);
}

async function handed_in(page, action, file) {
  const form = page.locator(`form[action='${action}']`);
  await form.locator("xpath=ancestor::details[1]").evaluateAll((found) => found.forEach((details) => { details.open = true; }));
  await form.locator("input[type=file]").setInputFiles(join(house, file));
  await sent(page, action);
}

async function go(page, address, path) {
  await page.goto(address + path);
  await page.evaluate(() => document.fonts.ready);
}

// A picture of the window, or of what a selector finds, as WebP: the browser is the one tool that is here for it.
const photographer = (painter) => async (page, name, { of, tall } = {}) => {
  const options = { type: "png", animations: "disabled" };
  await page.mouse.move(0, 0); // no row is marked because the pointer was left there
  const target = of ? page.locator(of).first() : page;
  if (tall && !of) options.clip = { x: 0, y: 0, width: page.viewportSize().width, height: tall };
  if (tall && !of) options.fullPage = true;
  const png = await target.screenshot(options);
  const webp = await painter.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", 0.8).split(",")[1];
  }, png.toString("base64"));
  const bytes = Buffer.from(webp, "base64");
  if (bytes.length >= LARGEST) throw new Error(`guide-${name}.webp has ${bytes.length} bytes, ${LARGEST} is the most`);
  writeFileSync(join(folder, `guide-${name}.webp`), bytes);
  console.log(`guide-${name}.webp ${bytes.length}`);
};

const started = [];
const browser = await launch();
try {
  execFileSync(program, ["demo", "--until", DAY, "--no-wait", "--fresh"], { cwd: house, env, stdio: "ignore" });
  writeFileSync(join(house, "officers.csv"), OFFICERS);
  writeFileSync(join(house, "contradiction.csv"), CONTRADICTION);
  const { child, address } = await served();
  started.push(child);
  const picture = photographer(await browser.newPage());
  const anybody = async (screen) => {
    const context = await browser.newContext({ locale: "id-ID", ...screen });
    context.setDefaultTimeout(10_000);
    return context.newPage();
  };

  // What the page says, on a telephone and on a desk.
  const small = await anybody(phone);
  await go(small, address, "/");
  await picture(small, "phone");
  await go(small, address, "/?as_of=2021-06-26T21:00:00%2B07:00");
  await picture(small, "missing");
  const large = await anybody(desk);
  await go(large, address, "/");
  await picture(large, "desk", { tall: 1100 });
  await large.click("#why summary");
  await picture(large, "why", { of: "#why table" });

  // From the recommendation to a signature.
  const mayor = await anybody(desk);
  await signed_in(mayor, address, "wali.kota", "mayor");
  await go(mayor, address, "/");
  await mayor.click(".level a[href='/decisions/new'], a[href='/decisions/new']");
  await picture(mayor, "draft", { tall: 1250 });
  await mayor.check("input[name='reason.case_trend']");
  await mayor.locator("input[name=exemption_list]").first().check();
  await mayor.fill("#decided_by", "Nama Wali Kota");
  await mayor.selectOption("#office", "mayor");
  await mayor.fill("#place", "Balai Kota");
  await sent(mayor, "/decisions/write");
  await picture(mayor, "review", { tall: 1000 });
  await Promise.all([mayor.waitForNavigation(), mayor.locator("form[action$='/sign'] button").click()]);
  await picture(mayor, "signed", { tall: 700 });

  // Alerts: what is on, and its story once somebody sees to it.
  await go(mayor, address, "/alerts");
  await picture(mayor, "alerts", { tall: 900 });
  const answer = "details:has(form[action='/alerts/acknowledge'])";
  await mayor.locator(`${answer} summary`).first().click();
  await picture(mayor, "answer", { of: `li:has(${answer})` });

  // Units, duty roster, attendance.
  await go(mayor, address, "/units");
  await picture(mayor, "units", { tall: 900 });
  const personnel = await anybody(desk);
  await signed_in(personnel, address, "bkpsdm", "personnel");
  await go(personnel, address, "/roster");
  await handed_in(personnel, "/roster/officers", "officers.csv");
  await personnel.locator("summary", { has: personnel.locator("xpath=../form[@action='/roster/plan']") }).first().click();
  await personnel.fill("form[action='/roster/plan'] input[name=plan_from]", "2021-06-29");
  await personnel.fill("form[action='/roster/plan'] input[name=plan_to]", "2021-07-02");
  await personnel.selectOption("#plan_unit", "bapenda");
  await sent(personnel, "/roster/plan");
  await go(personnel, address, "/roster?from=2021-06-29&to=2021-07-02&unit=bapenda");
  await picture(personnel, "roster", { tall: 800 });

  // Figures that are held until somebody has looked.
  const health = await anybody(desk);
  await signed_in(health, address, "data.dinkes", "data_officer");
  await go(health, address, "/figures");
  await handed_in(health, "/figures/file", "contradiction.csv");
  await sent(health, "/figures/commit");
  await go(health, address, "/runs");
  await health.locator("main a[href^='/runs/tidy']").first().click();
  await picture(health, "held", { tall: 900 });
} finally {
  await browser.close();
  for (const child of started) child.kill("SIGTERM");
  rmSync(house, { recursive: true, force: true });
}

// The one way a test starts a browser: Debian's chromium, headless, without any talk to the outside.
// `node launch.mjs` on its own opens a page and closes again, to prove that the browser works here.
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

export function launch() {
  const args = [
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
  ];
  if (process.getuid() === 0) args.push("--no-sandbox"); // chromium refuses to sandbox for root
  return chromium.launch({ executablePath: process.env.SIAGA_TEST_CHROMIUM ?? "/usr/bin/chromium", args });
}

async function check() {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.setContent("<title>siaga</title><p>siap</p>");
    const words = await page.locator("p").innerText();
    if (words !== "siap") throw new Error(`the page reads "${words}"`);
    console.log(`chromium ${browser.version()} answers`);
  } finally {
    await browser.close();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await check();

// One page on every screen, as pictures; a page that is wider than its screen is told.

// folder: where to; screens: viewport and colour scheme by name; told: a list of what is too wide; after: the screen to go
// back to, if there is one.
export const photographer = ({ folder, screens, told, after }) => async (page, name) => {
  for (const [screen, { viewport, colorScheme }] of Object.entries(screens)) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme: colorScheme ?? "light" });
    await page.evaluate(() => document.fonts.ready);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    if (wide) told.push(`${name} on ${screen}`);
    await page.screenshot({ path: `${folder}/${name}-${screen}.png`, fullPage: true });
  }
  await page.emulateMedia({ colorScheme: "light" });
  if (after) await page.setViewportSize(after.viewport);
};

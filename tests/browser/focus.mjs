// Which element a page has given the focus, told by one of its attributes; nothing where none has it after ten seconds.
// What a page asks for with autofocus it gets when it is first drawn, which may be after it has loaded.
export async function focused(page, attribute = "id") {
  const isGiven = () => document.activeElement !== null && document.activeElement !== document.body;
  await page.waitForFunction(isGiven, null, { timeout: 10_000 }).catch(() => {});
  return page.evaluate((name) => document.activeElement?.getAttribute(name) ?? "", attribute);
}

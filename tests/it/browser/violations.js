// Runs axe-core. Measuring contrast takes most of its time, so that is done for up to three elements of each combination
// of font, colour and backgrounds, and not for each cell of a table. All other rules check every element.
const done = arguments[arguments.length - 1];
const DETERMINES_BACKGROUND = ['backgroundColor', 'backgroundImage', 'opacity', 'filter', 'mixBlendMode', 'position',
  'zIndex', 'clip', 'clipPath', 'overflow'];
const DETERMINES_TEXT = ['color', 'fontSize', 'fontWeight', 'textShadow', 'display'];
const values = (element, names) => {
  const style = getComputedStyle(element);
  return names.map((name) => style[name]).join();
};
const backgrounds = new Map([[null, '']]);
const backgroundsOf = (element) => {
  if (!backgrounds.has(element)) {
    const own = values(element, DETERMINES_BACKGROUND);
    backgrounds.set(element, `${backgroundsOf(element.parentElement)}/${own}`);
  }
  return backgrounds.get(element);
};
const hasText = (element) => element.matches('input, select, textarea')
  || [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
const seen = new Map();
const samples = [...document.body.querySelectorAll('*')].filter((element) => {
  if (!hasText(element) || !element.checkVisibility({ visibilityProperty: true })) return false;
  // axe-core does not measure disabled elements.
  const isDisabled = element.closest(':disabled, [aria-disabled]') !== null;
  const kind = [values(element, DETERMINES_TEXT), isDisabled, backgroundsOf(element)].join();
  seen.set(kind, (seen.get(kind) ?? 0) + 1);
  return seen.get(kind) <= 3;
});
const resultTypes = ['violations'];
const contrast = { resultTypes, runOnly: ['color-contrast'] };
const others = { resultTypes, rules: { 'color-contrast': { enabled: false } } };
const told = ({ violations }) => violations.map((each) => {
  const places = each.nodes.map((node) => node.html).slice(0, 3).join(' ');
  return `${each.id}: ${each.help}: ${places}`;
});
axe.run(document, others)
  .then(async (found) => done([...told(found), ...told(await axe.run({ include: samples }, contrast))]));

// Pages work without this script. It updates jobs live, selects all rows at once, opens filters on wide screens, adds
// "now" to times, has keyboard shortcuts, and prevents double submits.
"use strict";

const parts = () => document.querySelectorAll("[data-live]");
let source = null;
let isAsking = false;
let isStale = false;

// Each page gives its forms other hidden ids.
const shown = (part) => {
  const copy = part.cloneNode(true);
  for (const other of copy.querySelectorAll("[name=_form], [data-all]")) other.remove();
  return copy.innerHTML;
};

// A selector of the same link or checkbox in a newer version of its part.
const place = (element) => {
  const href = element.getAttribute("href");
  if (href) return `[href="${CSS.escape(href)}"]`;
  return element.name === "row" ? `[name=row][value="${CSS.escape(element.value)}"]` : null;
};

// Fetches the page again and replaces its live parts.
const refresh = async () => {
  if (isAsking) { isStale = true; return; }
  isAsking = true;
  do {
    isStale = false;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) break;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of parts()) {
        const fresh = page.getElementById(part.id);
        if (!fresh || shown(fresh) === shown(part)) continue;
        const focused = part.contains(document.activeElement) ? place(document.activeElement) : null;
        const ticked = [...part.querySelectorAll("input[name=row]:checked")].map(place);
        part.innerHTML = fresh.innerHTML;
        for (const row of ticked) part.querySelector(row)?.click();
        part.closest("[data-select]")?.dispatchEvent(new Event("change"));
        if (focused) part.querySelector(focused)?.focus();
      }
    } catch { break; }
  } while (isStale);
  isAsking = false;
};

// Only while the page is visible, because browsers allow few connections to a server.
const listen = () => {
  if (document.hidden) { source?.close(); source = null; return; }
  if (source || !parts().length) return;
  source = new EventSource("/live");
  source.addEventListener("jobs", refresh);
};
document.addEventListener("visibilitychange", listen);
addEventListener("pagehide", () => { source?.close(); source = null; });
listen();

// Disables the buttons of a sent form, and enables them again if no other page follows. The server executes a form
// once in any case.
const AGAIN = 10000;
const free = (form) => {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button[disabled]")) button.disabled = false;
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  // Delayed, because a disabled button is not sent.
  setTimeout(() => { for (const button of form.querySelectorAll("button")) button.disabled = true; });
  setTimeout(free, AGAIN, form);
});
addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form[data-sent]")) free(form); });

for (const form of document.querySelectorAll("[data-select]")) {
  const selected = form.querySelector("[data-selected]");
  if (!selected) continue;
  // Live updates replace the boxes, so they are looked up each time.
  const count = (event) => {
    const rows = [...form.querySelectorAll("input[name=row]")];
    const all = form.querySelector("[data-all]");
    if (!all) return;
    if (event?.target === all) for (const row of rows) row.checked = all.checked;
    const ticked = rows.filter((row) => row.checked).length;
    selected.textContent = ticked ? `${ticked} of ${rows.length} selected` : "";
    all.hidden = !rows.length;
    all.checked = ticked > 0 && ticked === rows.length;
    all.indeterminate = ticked > 0 && ticked < rows.length;
  };
  form.addEventListener("change", count);
  count();
}

// Beside the rows, the panel of filters is open. Without this script, the style shows it, but it counts as closed.
const isWide = matchMedia("(min-width: 60.01rem)");
for (const panel of document.querySelectorAll(".panel")) {
  const isOpen = panel.open;
  const adapt = () => { panel.open = isOpen || isWide.matches; };
  isWide.addEventListener("change", adapt);
  adapt();
}

for (const input of document.querySelectorAll("input[data-zone]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = "Now";
  button.setAttribute("aria-label", `${input.name.slice(2)}: now`);
  button.addEventListener("click", () => {
    try {
      input.value = new Date().toLocaleString("sv-SE", { timeZone: input.dataset.zone }).replace(" ", "T");
    } catch { button.remove(); }
  });
  input.after(" ", button);
}

// Opens the section that an address names.
const unfold = () => {
  const part = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (part?.tagName === "DETAILS") part.open = true;
};
addEventListener("hashchange", unfold);
unfold();

// Shortcuts of one key. A user can turn them off, because speech input and mistyping can trigger them.
const OFF = "elt-shortcuts-off";
const SHORTCUTS = [
  ["/", "Search this page", () => document.querySelector("main input[type=search], main textarea")],
  ["n", "Next page", () => document.querySelector("main [rel=next]")],
  ["p", "Previous page", () => document.querySelector("main [rel=prev]")],
  ["?", "Show this help", () => help],
];
const help = document.createElement("dialog");
help.setAttribute("aria-labelledby", "shortcuts");
const title = document.createElement("h2");
title.id = "shortcuts";
title.textContent = "Keyboard shortcuts";
const list = document.createElement("dl");
for (const [key, text] of SHORTCUTS) {
  const [term, description, kbd] = ["dt", "dd", "kbd"].map((name) => document.createElement(name));
  kbd.textContent = key;
  term.append(kbd);
  description.textContent = text;
  list.append(term, description);
}
const close = document.createElement("button");
close.textContent = "Close";
close.addEventListener("click", () => help.close());
const label = document.createElement("label");
const box = document.createElement("input");
box.type = "checkbox";
try { box.checked = !localStorage.getItem(OFF); } catch { box.checked = true; }
box.addEventListener("change", () => {
  try { box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "yes"); } catch { /* This page only. */ }
});
label.append(box, " Shortcuts are on");
help.append(title, list, label, " ", close);
document.body.append(help);
const opener = document.createElement("button");
opener.type = "button";
opener.className = "plain";
opener.textContent = "Keyboard shortcuts";
opener.addEventListener("click", () => help.showModal());
document.querySelector(".foot")?.append(opener);

document.addEventListener("keydown", (event) => {
  const isTyped = event.target.closest?.("input, select, textarea, [contenteditable], dialog");
  if (!box.checked || isTyped || event.ctrlKey || event.metaKey || event.altKey) return;
  const found = SHORTCUTS.find(([key]) => key === event.key)?.[2]();
  if (!found) return;
  event.preventDefault();
  if (found === help) help.showModal();
  else if (found.href) found.click();
  else found.focus();
});

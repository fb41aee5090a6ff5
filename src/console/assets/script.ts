/**
 * The console's whole script. Everything works without it; it copies, keeps the live line current, fetches the figures
 * of a preview, checks SCIM paths while they are typed, ticks all boxes of a page, has Enter press the button beside a field, keeps a form from
 * being sent twice, takes what was done out of the address so that it is said once, and has Ctrl-K, and "/" where single
 * keys are not switched off (WCAG 2.1.4), lead to the field that finds anything. Whatever else listens to a single key
 * asks `singleKeys()` first.
 */
export const SCRIPT = `"use strict";
document.documentElement.classList.add("js");
const here = new URL(location.href);
if (here.searchParams.has("done")) {
  here.searchParams.delete("done");
  history.replaceState(history.state, "", here);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = "Copied";
  } catch {
    const range = document.createRange();
    range.selectNodeContents(source);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    button.textContent = "Press Ctrl+C";
  }
  const status = document.getElementById("spoken");
  if (status) status.textContent = button.textContent;
  setTimeout(() => { button.textContent = label; }, 2000);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[method=post]")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
});
const singleKeys = () => {
  try { return localStorage.getItem("rollcall-single-keys") !== "off"; } catch { return true; }
};
const setShortcutKeys = () => document.getElementById("find")?.setAttribute("aria-keyshortcuts", (singleKeys() ? "/ " : "") + "Control+K Meta+K");
const isTyping = (target) => target.closest("input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]") !== null;
setShortcutKeys();
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey) return;
  const isHeld = event.ctrlKey || event.metaKey;
  const isSlash = event.key === "/" && !isHeld && singleKeys() && !isTyping(event.target);
  const isK = isHeld && !event.shiftKey && event.key.toLowerCase() === "k";
  const field = document.getElementById("find");
  if (!field || !(isK || isSlash)) return;
  event.preventDefault();
  if (!field.checkVisibility()) document.querySelector(".menu[popovertarget]")?.click();
  field.focus();
  field.select();
});
for (const box of document.querySelectorAll("[data-single-keys]")) {
  box.checked = singleKeys();
  box.addEventListener("change", () => {
    const told = document.getElementById("spoken");
    try {
      localStorage.setItem("rollcall-single-keys", box.checked ? "on" : "off");
      told.textContent = box.checked ? "Single keys are on." : "Single keys are off.";
    } catch { told.textContent = "This browser keeps nothing: single keys stay on."; }
    box.checked = singleKeys();
    setShortcutKeys();
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
});

for (const input of document.querySelectorAll("[data-enter]")) {
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    input.form.requestSubmit(document.getElementById(input.dataset.enter));
  });
}

for (const all of document.querySelectorAll("[data-tick-all]")) {
  const boxes = [...all.form.querySelectorAll("[name=" + all.dataset.tickAll + "]")];
  const count = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  all.hidden = boxes.length === 0;
  all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; });
  all.form.addEventListener("change", count);
  addEventListener("pageshow", count);
}

for (const live of document.querySelectorAll("[data-live]")) {
  let wait = 2000, timer, isLooking = false;
  const show = (text) => {
    if (text === live.dataset.last) return;
    const said = live.querySelector("[data-said]")?.textContent;
    const focused = live.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    live.dataset.last = text;
    live.innerHTML = text;
    wait = 2000;
    if (focused) [...live.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
    const now = live.querySelector("[data-said]")?.textContent;
    if (now && now !== said) document.getElementById("spoken").textContent = now;
  };
  const look = async () => {
    clearTimeout(timer);
    if (document.hidden || isLooking) return;
    isLooking = true;
    try {
      const response = await fetch(live.dataset.live, { headers: { Accept: "text/html" } });
      if (response.redirected || (response.status >= 400 && response.status < 500 && response.status !== 429)) return;
      if (response.ok) show(await response.text());
    } catch { /* the next look may succeed */ }
    isLooking = false;
    wait = Math.min(wait * 1.25, 30000);
    timer = setTimeout(look, wait);
  };
  document.addEventListener("visibilitychange", () => { wait = 2000; look(); });
  timer = setTimeout(look, 1000);
}

for (const place of document.querySelectorAll("[data-figures]")) {
  (async () => {
    try {
      const response = await fetch(place.dataset.figures, { headers: { Accept: "text/html" } });
      if (response.redirected) return location.reload();
      if (!response.ok) throw new Error(response.statusText);
      place.innerHTML = await response.text();
      document.getElementById("spoken").textContent = place.querySelector("[data-said]").textContent;
    } catch {
      place.querySelector(".waiting").hidden = true;
      place.querySelector("[role=alert]").hidden = false;
    }
    place.removeAttribute("aria-busy");
  })();
}

for (const input of document.querySelectorAll("[data-check]")) {
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const place = document.getElementById(input.id + "-sample");
      const url = input.dataset.check + "?path=" + encodeURIComponent(input.value);
      try {
        const answer = await (await fetch(url)).json();
        place.textContent = answer.message;
        place.className = answer.ok ? "sample hint" : "sample error";
        input.setAttribute("aria-invalid", String(!answer.ok));
      } catch { /* judged again when the form is sent */ }
    }, 250);
  });
}
`;

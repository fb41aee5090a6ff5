/**
 * The console's whole script. Everything works without it; it copies, keeps the live line current, fetches the figures
 * of a preview, checks SCIM paths while they are typed, has Enter press the button beside a field, keeps a form from
 * being sent twice, and has "/" and Ctrl-K lead to the field that finds anything.
 */
export const SCRIPT = `"use strict";
document.documentElement.classList.add("js");

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
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey) return;
  const isHeld = event.ctrlKey || event.metaKey;
  const isSlash = event.key === "/" && !isHeld;
  const isK = isHeld && !event.shiftKey && event.key.toLowerCase() === "k";
  const isTyping = event.target.closest("input:not([type=radio], [type=checkbox]), select, textarea") !== null;
  const field = document.getElementById("find");
  if (!field || !(isK || (isSlash && !isTyping))) return;
  event.preventDefault();
  field.focus();
  field.select();
});
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

for (const live of document.querySelectorAll("[data-live]")) {
  const look = async () => {
    if (!document.hidden) {
      try {
        const response = await fetch(live.dataset.live, { headers: { Accept: "text/html" } });
        const text = response.ok && !response.redirected ? await response.text() : null;
        if (text !== null && text !== live.dataset.last) {
          live.dataset.last = text;
          live.innerHTML = text;
        }
      } catch { /* the next look may succeed */ }
    }
    setTimeout(look, 2000);
  };
  setTimeout(look, 1000);
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

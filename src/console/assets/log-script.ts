/**
 * What script adds to the provisioning log: times in the reader's own zone, and ages that go on; one menu open at a time; and
 * a live tail, which asks for new requests while the page is seen, and shows them, or offers them to somebody who is reading.
 */
export const LOG_SCRIPT = `
const inOwnZone = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit",
  second: "2-digit", timeZoneName: "short" });
const isUtc = new Date().getTimezoneOffset() === 0;
const showOwnTimes = (root) => {
  if (isUtc) return;
  for (const place of root.querySelectorAll(".exact")) {
    if (place.dataset.isOwn) continue;
    place.dataset.isOwn = "yes";
    const at = place.dataset.exact ?? place.previousElementSibling.dateTime;
    place.textContent = inOwnZone.format(new Date(at)) + (place.matches(".shown") ? " · " : "\\n") + place.textContent;
  }
};
showOwnTimes(document);

const ageOf = (time) => {
  const age = Math.max(0, Date.now() - Date.parse(time.dateTime));
  if (age < 60000) return Math.floor(age / 1000) + " s ago";
  if (age < 3600000) return Math.floor(age / 60000) + " min ago";
  return age < 86400000 ? Math.floor(age / 3600000) + " h ago" : time.textContent;
};
if (document.querySelector(".when"))
  setInterval(() => {
    if (!document.hidden) for (const time of document.querySelectorAll(".when time")) time.textContent = ageOf(time);
  }, 10000);

for (const type of ["pointermove", "focusin"])
  document.addEventListener(type, () => document.documentElement.classList.remove("calm"), { passive: true });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.documentElement.classList.add("calm");
  const open = document.querySelector(".chooser details[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll(".chooser details[open]")) if (!open.contains(event.target)) open.open = false;
});

for (const toggle of document.querySelectorAll("[data-tail]")) {
  const EVERY = 5000;
  const AT_MOST = 10 * 60000;
  const MOST_WAITING = 200;
  const card = toggle.closest(".card");
  const said = card.querySelector("[data-tail-said]");
  const show = card.querySelector("[data-tail-show]");
  const openedAt = Date.now();
  let timer = null;
  let until = 0;
  let waiting = [];
  let shown = 0;
  const linkOf = (row) => row.querySelector("th a");
  const idOf = (row) => linkOf(row).getAttribute("href").split("/").pop();
  const timeOf = (row) => Date.parse(row.querySelector("time").dateTime);
  const speak = (text) => { document.getElementById("spoken").textContent = text; };
  const rest = () => { clearTimeout(timer); timer = null; };
  const stop = (why) => {
    rest();
    until = 0;
    toggle.setAttribute("aria-pressed", "false");
    said.textContent = why;
    speak(why);
  };
  // Rows do not move under somebody who is further down, points at them, has one in focus, or marks a text.
  const isReading = (body) => body.getBoundingClientRect().top < 0 || body.matches(":hover, :focus-within")
    || (!getSelection().isCollapsed && body.contains(getSelection().anchorNode));
  const offer = (fresh) => {
    const body = card.querySelector("tbody");
    if (fresh.length > 0) {
      waiting = [...fresh, ...waiting].slice(0, MOST_WAITING);
      speak((waiting.length === MOST_WAITING ? MOST_WAITING + "+" : waiting.length) + " new");
    }
    if (waiting.length === 0) return;
    if (body && !isReading(body) && shown + waiting.length < MOST_WAITING) return put(body);
    show.textContent = "Show " + (waiting.length === MOST_WAITING ? MOST_WAITING + "+" : waiting.length) + " new";
    show.hidden = false;
  };
  const put = (body) => {
    const placeOf = (row) => String(timeOf(row)).padStart(16, "0") + idOf(row);
    const rows = waiting.sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1));
    waiting = [];
    shown += rows.length;
    show.hidden = true;
    body.prepend(...rows);
    showOwnTimes(body);
    return rows;
  };
  const look = async () => {
    rest();
    if (document.hidden || until === 0) return;
    if (Date.now() > until) return stop("Stopped after 10 minutes.");
    try {
      const known = [...card.querySelectorAll("tbody tr"), ...waiting];
      const times = known.map(timeOf);
      // What came a moment ago may be logged only now.
      const since = (times.length === 0 ? openedAt : Math.max(...times)) - 15000;
      const url = toggle.dataset.tail + (toggle.dataset.tail.includes("?") ? "&" : "?") + "since=" + since;
      const response = await fetch(url, { headers: { Accept: "text/html" } });
      if (response.redirected || !response.ok) return stop("Stopped: refresh the page.");
      const holder = document.createElement("template");
      holder.innerHTML = await response.text();
      const ids = new Set(known.map(idOf));
      offer([...holder.content.querySelectorAll("tbody tr")].filter((row) => !ids.has(idOf(row))));
    } catch { /* the next look may succeed */ }
    if (until !== 0 && timer === null) timer = setTimeout(look, EVERY);
  };
  toggle.addEventListener("click", () => {
    if (until !== 0) return stop("Live is off.");
    until = Date.now() + AT_MOST;
    toggle.setAttribute("aria-pressed", "true");
    said.textContent = "Live: looks every 5 seconds";
    speak("Live is on.");
    look();
  });
  show.addEventListener("click", () => {
    const body = card.querySelector("tbody");
    if (!body || waiting.length === MOST_WAITING) return location.reload();
    linkOf(put(body)[0]).focus();
  });
  document.addEventListener("visibilitychange", look);
}
`;

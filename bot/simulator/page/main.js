// The page: the header, the row of phones, and the live line to the simulator.

import { schoolClock } from "./clock.js";
import { avatar, badge, h } from "./dom.js";
import { listen } from "./events.js";
import { Guide } from "./guide.js";
import { Phone } from "./phone.js";
import { store } from "./store.js";
import { switches } from "./switch.js";
import { themeButton } from "./theme.js";

const row = document.getElementById("phones");
const pager = document.getElementById("pager");
const banner = document.getElementById("banner");
const clock = schoolClock();
const guide = new Guide((people) => point(people));
document.getElementById("tools").append(switches(), clock.node, guide.button, themeButton());
document.getElementById("guide").replaceWith(guide.node);

let phones = [];
let pointedAt = [];

/** Show whose phones the guide speaks about. */
function point(people) {
  pointedAt = people;
  for (const phone of phones) phone.node.classList.toggle("guided", people.includes(phone.id));
}

/** Which phones to open: those of the address, else those the server proposes. */
function wanted() {
  const asked = new URLSearchParams(location.search).get("people");
  const ids = asked ? asked.split(",").map(Number) : store.defaultPhones;
  const known = [...new Set(ids)].filter((id) => store.person(id));
  return known.length ? known : [...store.people.keys()].slice(0, 4);
}

// -- the row of phones -----------------------------------------------------------------------------------------------

const viewport = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    phones.find((phone) => phone.node === entry.target)?.setInView(entry.isIntersecting);
    const tab = pager.querySelector(`[data-page="${entry.target.dataset.person}"]`);
    if (entry.isIntersecting) tab?.setAttribute("aria-current", "true");
    else tab?.removeAttribute("aria-current");
  }
}, { root: null, threshold: 0.6 });

function addPhone(id, before = null) {
  const phone = new Phone(id, {
    choose: (other) => choose(phone, other),
    isShown: (other) => phones.some((each) => each.id === other),
  });
  row.insertBefore(phone.node, before);
  viewport.observe(phone.node);
  phone.node.classList.toggle("guided", pointedAt.includes(id));
  load(id);
  return phone;
}

/** Read a chat until it succeeds: the server may just be starting anew. */
async function load(id, pause = 600) {
  try {
    await store.loadChat(id);
  } catch {
    if (!phones.some((phone) => phone.id === id)) return;
    setTimeout(() => load(id, Math.min(8000, pause * 1.7)), pause);
  }
}

/** Show `id` in this phone; when another phone shows that person already, the two swap. */
function choose(phone, id) {
  const index = phones.indexOf(phone);
  const other = phones.findIndex((each) => each.id === id);
  const old = phone.id;
  replace(index, id);
  if (other >= 0) replace(other, old);
  else store.forgetChat(old);
  remember();
  drawPager();
  for (const each of phones) each.switcher.update();
  phones[index].switcher.button.focus({ preventScroll: true });
}

function replace(index, id) {
  const old = phones[index];
  const next = old.node.nextSibling;
  viewport.unobserve(old.node);
  old.destroy();
  phones[index] = addPhone(id, next);
}

/** Keep the choice in the address, so that a reload or a bookmark opens the same phones. */
function remember() {
  const address = new URL(location.href);
  address.searchParams.set("people", phones.map((phone) => phone.id).join(","));
  history.replaceState(null, "", address.toString().replaceAll("%2C", ","));
}

// -- small screens: tabs that bring a phone into view ----------------------------------------------------------------

function drawPager() {
  const current = pager.querySelector("[aria-current]")?.dataset.page;
  pager.replaceChildren(...phones.map((phone) => {
    const person = store.person(phone.id);
    return h("button", {
      type: "button", data: { page: phone.id }, "aria-current": String(phone.id) === current,
      "aria-label": `Phone of ${person?.title || person?.name}`,
      on: { click: () => phone.node.scrollIntoView({ inline: "center", block: "nearest" }) },
    }, person && avatar(person, "small"), h("bdi", {}, person?.name.split(" ")[0] ?? ""), badge(person?.unread));
  }));
}

// -- the live line ---------------------------------------------------------------------------------------------------

let bannerTimer = null;

function lost(isLost) {
  clearTimeout(bannerTimer);
  if (!isLost) banner.hidden = true;
  // A line that comes back at once is not worth a word.
  else if (banner.hidden) bannerTimer = setTimeout(() => (banner.hidden = false), 900);
}
banner.textContent = "Reconnecting …";

async function refresh(pause = 500) {
  try {
    await store.reload();
    if (!phones.length) for (const id of wanted()) phones.push(addPhone(id));
    if (phones.length) document.getElementById("loading")?.remove();
    drawPager();
    clock.tick();
    lost(false);
    // The school is still being set up: its people are coming.
    if (!phones.length) setTimeout(refresh, 1000);
  } catch {
    lost(true);
    setTimeout(() => refresh(Math.min(8000, pause * 1.7)), pause);
  }
}

store.on(({ type }) => {
  if (type === "clock") {
    clock.tick();
    for (const phone of phones) phone.tick();
  }
  if (type === "unread" || type === "person") drawPager();
});

setInterval(() => {
  clock.tick();
  if (store.clock) for (const phone of phones) phone.tick();
}, 500);

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) for (const phone of phones) phone.setInView(inView(phone.node));
});

function inView(node) {
  const { left, right } = node.getBoundingClientRect();
  return Math.min(right, innerWidth) - Math.max(left, 0) > node.offsetWidth * 0.6;
}

listen({
  onEvent: (event) => (event.type === "hello" ? refresh() : store.apply(event)),
  onState: (state) => lost(state === "lost"),
});

// Makes the pages live. Everything on them can be read without this file.
"use strict";

/** Write every time in the viewer's own zone; the UTC text stays as the tooltip. */
function localise(root) {
  for (const time of root.querySelectorAll("time[data-show]")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    const timeStyle = time.dataset.show === "exact" ? "medium" : "short";
    time.title = time.textContent;
    time.textContent = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle }).format(moment);
    delete time.dataset.show;
  }
}

/** How long something took, in the words of jarvis/web/words.py. */
function duration(seconds) {
  if (seconds < 0.001) return "under 1 ms";
  if (seconds < 0.9995) return `${Math.floor(seconds * 1000 + 0.5)} ms`;
  if (seconds < 59.95) return `${(Math.floor(seconds * 10 + 0.5) / 10).toFixed(1)} s`;
  const whole = Math.floor(seconds + 0.5);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A count from an event's data; whatever is no number counts as none. */
function number(value) {
  return Number.isFinite(value) ? value : 0;
}

function part(element, name) {
  return element.querySelector(`[data-part="${name}"]`);
}

let asked = 0;

/** Ask the server for this page anew and put its fresh parts in place. False when it could not be had. */
async function refresh(parts = "[data-refresh]") {
  const mine = ++asked;
  let fresh;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return false;
    fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return false;
  }
  if (mine !== asked) return true; // a later question has the newer answer
  for (const old of document.querySelectorAll(parts)) {
    const now = fresh.getElementById(old.id);
    if (!now) continue;
    localise(now);
    const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    old.replaceChildren(...now.childNodes);
    if (focused) [...old.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
  }
  return true;
}

const KINDS = ["queued", "step", "progress", "done", "line", "log", "warning", "error", "asked", "answered", "wish", "paused", "end"];
/** What changes more than the steps: state, buttons and tasks are fetched anew. */
const TURNS = new Set(["queued", "asked", "answered", "wish", "paused"]);
/** Lines of a log that a step shows, as jarvis/web/timeline.py. */
const LOG = 500;

/** Listen to a workflow's events; the browser comes back by itself and goes on where it stopped. */
function listen(element, heard, connection) {
  const address = element.dataset.events ?? element.dataset.watch;
  const source = new EventSource(`${address}?after=${element.dataset.after ?? 0}`);
  for (const kind of KINDS) {
    source.addEventListener(kind, (message) => {
      if (message.data === undefined) return; // the source's own "error", not an event of the workflow
      if (kind === "end") source.close();
      heard(kind, JSON.parse(message.data));
    });
  }
  source.onopen = () => connection("");
  source.addEventListener("error", (message) => {
    if (message.data !== undefined) return;
    const lost = source.readyState === EventSource.CLOSED;
    connection(lost ? "The connection is lost: reload the page to read further." : "Connecting again …");
  });
  return source;
}

/** The steps of a deployment, told as jarvis/web/timeline.py tells them. */
class Steps {
  constructor(list) {
    this.list = list;
    this.template = document.getElementById("step");
  }

  add(event) {
    const item = this.template.content.firstElementChild.cloneNode(true);
    item.dataset.step = event.step ?? "";
    item.querySelector("h3").textContent = event.message;
    this.list.append(item);
    return item;
  }

  current(event) {
    const items = [...this.list.children].reverse();
    return items.find((item) => event.step === null || item.dataset.step === event.step) ?? this.add(event);
  }

  close(item, state) {
    if (item?.dataset.state !== "now") return;
    item.dataset.state = state;
    part(item, "state").textContent = state;
    part(item, "work").replaceChildren();
  }

  queued(event) {
    const item = this.add({ ...event, step: "queued" });
    part(item, "state").textContent = "waiting";
  }

  step(event) {
    while (this.list.lastElementChild?.dataset.step === event.step) this.list.lastElementChild.remove();
    this.close(this.list.lastElementChild, "done");
    const item = this.add(event);
    const place = number(event.data.number);
    if (place) part(item, "number").textContent = `${place} of ${number(event.data.total)} · `;
  }

  progress(event) {
    const { done, total } = { done: number(event.data.done), total: number(event.data.total) };
    const unit = event.data.unit ?? "";
    const bar = document.createElement("progress");
    bar.max = total || 1;
    if (total) bar.value = done;
    part(this.current(event), "work").replaceChildren(bar, ` ${done}${total ? ` of ${total}` : ""} ${unit}`);
  }

  done(event) {
    const item = this.current(event);
    item.dataset.state = "now";
    this.close(item, "done");
    part(item, "said").textContent = event.message;
    if ("seconds" in event.data) part(item, "seconds").textContent = ` in ${duration(number(event.data.seconds))}`;
  }

  note(kind, event) {
    const item = this.current(event);
    if (item.dataset.state === "now" && item.dataset.step !== "queued") part(item, "state").textContent = kind === "paused" ? "waiting" : "running";
    if (item.querySelector("h3").textContent === event.message) return; // it began with these words
    const note = document.createElement("li");
    note.className = kind;
    note.textContent = event.message;
    part(item, "notes").append(note);
  }

  /** Lines of a program; who reads further up is left there. */
  log(event) {
    const shown = part(this.current(event), "log");
    const atEnd = shown.scrollTop + shown.clientHeight >= shown.scrollHeight - 4;
    const lines = shown.textContent ? shown.textContent.split("\n") : [];
    for (const line of Array.isArray(event.data.lines) ? event.data.lines : []) lines.push(String(line?.[2] ?? ""));
    shown.textContent = lines.slice(-LOG).join("\n");
    if (atEnd) shown.scrollTop = shown.scrollHeight;
  }

  end(event) {
    const state = event.data.status === "failed" ? "failed" : "done";
    for (const item of this.list.children) this.close(item, state);
  }

  hear(kind, event) {
    if (["queued", "step", "progress", "done", "log", "end"].includes(kind)) this[kind](event);
    else this.note(kind, event);
  }
}

/** A deployment's page: steps as they happen; at its begin and its end state and facts are fetched. */
function followDeployment(list) {
  const connection = document.getElementById("connection");
  const say = (text) => {
    if (connection.textContent !== text) connection.textContent = text;
  };
  const steps = new Steps(list);
  let begun = list.querySelectorAll("li:not([data-step=queued])").length > 0;
  const heard = async (kind, event) => {
    steps.hear(kind, event);
    if (kind === "end") {
      if (!(await refresh())) say(`${event.message}. Reload the page for the rest.`);
    } else if (TURNS.has(kind)) {
      begun = kind === "queued" ? false : begun;
      await refresh();
    } else if (kind === "step" && !begun) {
      begun = true;
      await refresh("#state, #controls");
    }
  };
  listen(list, heard, say);
}

/** The overview: the step each workflow is at; when one ends, the lists are fetched anew. */
const open = new Set();
function followRuns() {
  for (const source of open) source.close();
  open.clear();
  for (const item of [...document.querySelectorAll("#running [data-events]")].slice(0, 2)) {
    const heard = async (kind, event) => {
      if (kind === "step") {
        part(item, "step").textContent = event.message;
        part(item, "number").textContent = `Step ${event.data.number} of ${event.data.total}`;
        const bar = item.querySelector("progress");
        bar.max = number(event.data.total) || 1;
        bar.value = number(event.data.number);
      }
      if (kind === "end" && (await refresh())) followRuns();
    };
    open.add(listen(item, heard, () => {}));
  }
}

/** A page that waits for one workflow: what it says, and at its end the page's fresh parts. */
function watch(element) {
  listen(
    element,
    (kind, event) => {
      const shown = part(element, "progress");
      if (shown && (kind === "progress" || kind === "step")) shown.textContent = event.message;
      if (kind === "end") location.reload();
    },
    () => {},
  );
}

localise(document);
for (const log of document.querySelectorAll(".log")) log.scrollTop = log.scrollHeight;
const waiting = document.querySelector("[data-watch]");
if (waiting) watch(waiting);
const list = document.querySelector("#steps[data-events]");
if (list) followDeployment(list);
if (document.getElementById("running")) {
  followRuns();
  // A page that was out of sight shows what is true now.
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState === "visible" && (await refresh())) followRuns();
  });
}

// Hands in what is dropped or picked: folders are packed here, uploads go on after a broken connection.
// Without this file the forms of the page do the same, in one request.
"use strict";

const CHUNK = 64 * 1024 * 1024;
const PATIENCE = 120_000;
const SILENCE = 15_000; // a line on which nothing moves for so long is dead, though nobody closed it
const LEFT_OUT = new Set([".git", ".hg", ".svn", ".DS_Store"]);
const TUS = { "Tus-Resumable": "1.0.0" };

/** `12.0 MiB`, in the words of jarvis/web/words.py. */
function amount(count) {
  if (count < 1024) return `${count} bytes`;
  for (const unit of ["KiB", "MiB", "GiB"]) {
    count /= 1024;
    if (count < 1000) return `${count.toFixed(1)} ${unit}`;
  }
  return `${(count / 1024).toFixed(1)} TiB`;
}

// --- what .gitignore and .jarvisignore leave out -------------------------------------------------------------

/** One line of such a file as a rule, or null for a comment. */
function rule(line, base, file) {
  let text = line.replace(/\r$/, "").replace(/(?<!\\)\s+$/, "");
  if (!text || text.startsWith("#")) return null;
  const back = text.startsWith("!");
  if (back) text = text.slice(1);
  const folder = text.endsWith("/");
  if (folder) text = text.slice(0, -1);
  const fixed = text.includes("/");
  text = text.replace(/^\//, "");
  let shape = "";
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (text.startsWith("**/", at)) { shape += "(?:.*/)?"; at += 2; }
    else if (text.startsWith("/**", at) && at + 3 === text.length) { shape += "/.*"; at += 2; }
    else if (sign === "*") shape += "[^/]*";
    else if (sign === "?") shape += "[^/]";
    else if (sign === "[" && text.indexOf("]", at + 2) > 0) {
      const end = text.indexOf("]", at + 2);
      shape += `[${text.slice(at + 1, end).replace(/^!/, "^").replace(/\\/g, "\\\\")}]`;
      at = end;
    } else if (sign === "\\" && at + 1 < text.length) shape += text[++at].replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
    else shape += sign.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  }
  try {
    return { back, folder, base, file, test: new RegExp(`^${fixed ? "" : "(?:.*/)?"}${shape}$`) };
  } catch {
    return null;
  }
}

/** Is `path` left out? The last rule that fits decides; `.jarvisignore` stands above `.gitignore`. */
function ignored(rules, path, folder) {
  let out = false;
  for (const one of rules) {
    if (!path.startsWith(one.base) || (one.folder && !folder)) continue;
    if (one.test.test(path.slice(one.base.length))) out = !one.back;
  }
  return out;
}

/** The files that stay, of [path, File] pairs. */
async function kept(files) {
  const rules = [];
  for (const name of [".gitignore", ".jarvisignore"]) {
    const sources = files.filter(([path]) => path === name || path.endsWith(`/${name}`));
    sources.sort((one, other) => one[0].split("/").length - other[0].split("/").length);
    for (const [path, file] of sources) {
      const base = path.slice(0, -name.length);
      for (const line of (await file.text()).split("\n")) {
        const made = rule(line, base, name);
        if (made) rules.push(made);
      }
    }
  }
  const known = new Map();
  const out = (path, folder) => {
    if (!path) return false;
    if (folder && known.has(path)) return known.get(path);
    const cut = path.lastIndexOf("/");
    const answer =
      out(cut < 0 ? "" : path.slice(0, cut), true) || LEFT_OUT.has(path.slice(cut + 1)) || ignored(rules, path, folder);
    if (folder) known.set(path, answer);
    return answer;
  };
  return files.filter(([path]) => !out(path, false));
}

// --- a folder as a tar ---------------------------------------------------------------------------------------

const encoder = new TextEncoder();

function block(name, size, kind) {
  const bytes = new Uint8Array(512);
  const put = (at, text) => bytes.set(typeof text === "string" ? encoder.encode(text) : text, at);
  put(0, name);
  put(100, "0000644\0");
  put(108, "0000000\0");
  put(116, "0000000\0");
  put(124, `${size.toString(8).padStart(11, "0")}\0`);
  put(136, "00000000000\0");
  put(148, "        ");
  put(156, kind);
  put(257, "ustar\x0000");
  put(329, "0000000\0");
  put(337, "0000000\0");
  put(148, `${bytes.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `);
  return bytes;
}

function padding(size) {
  return new Uint8Array((512 - (size % 512)) % 512);
}

/** `<length> <key>=<value>` where the length counts itself. */
function record(key, value) {
  const bare = encoder.encode(` ${key}=${value}\n`).length;
  let length = bare + String(bare).length;
  length = bare + String(length).length;
  return encoder.encode(`${length} ${key}=${value}\n`);
}

function header(path, size) {
  const raw = encoder.encode(path);
  const parts = [];
  const records = [];
  if (raw.length > 100 || raw.length !== path.length) records.push(record("path", path));
  if (size > 8 ** 11 - 1) records.push(record("size", size));
  const total = records.reduce((sum, one) => sum + one.length, 0);
  if (total) parts.push(block("jarvis-record", total, "x"), ...records, padding(total));
  parts.push(block(raw.length > 100 ? raw.slice(0, 99) : raw, size > 8 ** 11 - 1 ? 0 : size, "0"));
  return parts;
}

/** The files as one blob; the browser reads them while it sends. */
function tar(files) {
  const parts = [];
  for (const [path, file] of files) parts.push(...header(path, file.size), file, padding(file.size));
  parts.push(new Uint8Array(1024));
  return new Blob(parts);
}

// --- what was dropped ----------------------------------------------------------------------------------------

async function walk(entry, prefix, found) {
  if (entry.isFile) {
    found.push([prefix + entry.name, await new Promise((good, bad) => entry.file(good, bad))]);
    return;
  }
  if (LEFT_OUT.has(entry.name)) return;
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((good, bad) => reader.readEntries(good, bad));
    if (!some.length) return;
    for (const one of some) await walk(one, `${prefix}${entry.name}/`, found);
  }
}

/** [path, File] pairs of what was dropped. */
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const found = [];
  for (const entry of entries) await walk(entry, "", found);
  return found;
}

/** What is sent: one file as it is, everything else as a tar of a folder. */
async function parcel(files) {
  if (files.length === 1 && !files[0][0].includes("/")) {
    return { blob: files[0][1], filename: files[0][1].name, type: "", count: 1 };
  }
  const tops = new Set(files.map(([path]) => path.split("/")[0]));
  const single = tops.size === 1 && files.every(([path]) => path.includes("/"));
  const name = single ? [...tops][0] : "folder";
  const inside = single ? files.map(([path, file]) => [path.slice(name.length + 1), file]) : files;
  const rest = await kept(inside);
  rest.sort((one, other) => (one[0] < other[0] ? -1 : 1));
  return { blob: tar(rest), filename: name, type: "directory", count: rest.length, out: inside.length - rest.length };
}

// --- sending -------------------------------------------------------------------------------------------------

class Refused extends Error {}

/** The sentence of an error that Jarvis answered with. */
async function problem(answer) {
  try {
    const body = await answer.json();
    return [body.detail, body.hint].filter(Boolean).join(" ");
  } catch {
    return `Jarvis answered with ${answer.status}.`;
  }
}

function base64(text) {
  return btoa(String.fromCharCode(...encoder.encode(text)));
}

/** One piece; resolves with the offset after it. */
function patch(place, blob, offset, told, stop) {
  return new Promise((good, bad) => {
    const request = new XMLHttpRequest();
    request.open("PATCH", place);
    request.setRequestHeader("Content-Type", "application/offset+octet-stream");
    request.setRequestHeader("Tus-Resumable", TUS["Tus-Resumable"]);
    request.setRequestHeader("Upload-Offset", offset);
    let moved = Date.now();
    let silent = false;
    const watch = setInterval(() => {
      silent = Date.now() - moved > SILENCE;
      if (silent) request.abort();
    }, 1000);
    request.upload.onload = request.onloadend = () => clearInterval(watch);
    request.upload.onprogress = (event) => {
      moved = Date.now();
      told(offset + event.loaded);
    };
    request.onload = () => {
      const now = Number(request.getResponseHeader("Upload-Offset"));
      if (request.status < 300) return good(now);
      const fails = request.status >= 500 && request.status !== 507; // 507: the disk is full, and stays so
      if (request.status === 408 || request.status === 409 || fails) return bad(new Error("later"));
      let said = `Jarvis answered with ${request.status}.`;
      try {
        const body = JSON.parse(request.responseText);
        said = [body.detail, body.hint].filter(Boolean).join(" ");
      } catch { /* no problem object: the number has to do */ }
      bad(new Refused(said));
    };
    request.onerror = request.ontimeout = () => bad(new Error("broken"));
    request.onabort = () => bad(silent ? new Error("silent") : new Refused("Stopped: nothing of it is kept."));
    stop.abort = () => request.abort();
    request.send(blob.slice(offset, offset + CHUNK));
  });
}

async function send(box, { blob, filename, type }, told, stop) {
  const words = Object.entries({ filename, type }).filter(([, value]) => value);
  const answer = await fetch(box.dataset.uploads, {
    method: "POST",
    headers: {
      ...TUS,
      "Upload-Length": blob.size,
      "Upload-Metadata": words.map(([key, value]) => `${key} ${base64(value)}`).join(","),
    },
  });
  if (!answer.ok) throw new Refused(await problem(answer));
  const place = new URL(answer.headers.get("Location"), location.href).pathname;
  stop.place = place;
  let offset = 0;
  let quiet = Date.now();
  for (;;) {
    if (stop.stopped) throw new Refused("Stopped: nothing of it is kept.");
    try {
      const state = await fetch(place, { headers: { Accept: "application/json" } });
      if (state.status >= 400 && state.status < 500) throw new Refused(await problem(state));
      const body = await state.json();
      if (body.artifact_id) return body.artifact_id;
      if (body.offset > offset) quiet = Date.now();
      offset = body.offset;
      while (offset < blob.size) {
        offset = await patch(place, blob, offset, told, stop);
        quiet = Date.now();
      }
    } catch (error) {
      if (error instanceof Refused) throw error;
      if (Date.now() - quiet > PATIENCE) throw new Refused("Jarvis does not answer any more. Try again later.");
      told(offset, "The connection broke: the upload goes on when Jarvis answers.");
      await new Promise((good) => setTimeout(good, 1000));
    }
  }
}

/** Take back what was sent; the request that was broken off may hold it for a moment. */
async function end(place) {
  for (let tries = 0; tries < 60; tries++) {
    try {
      if ((await fetch(place, { method: "DELETE", headers: TUS })).status !== 409) return;
    } catch { /* the line is broken: tried again */ }
    await new Promise((good) => setTimeout(good, 1000));
  }
}

// --- the page ------------------------------------------------------------------------------------------------

function handIn(box) {
  const find = (name) => box.querySelector(`[data-part="${name}"]`);
  const sending = find("sending");
  const forms = box.querySelectorAll("form");
  let stop = null;

  async function begin(files) {
    if (stop || !files.length) return;
    stop = {};
    const mine = stop;
    for (const form of forms) form.hidden = true;
    sending.hidden = false;
    find("stop").textContent = "Stop";
    find("name").textContent = "";
    find("amount").textContent = "";
    find("state").textContent = "Reading …";
    const began = Date.now();
    let begunAt = null;
    try {
      const what = await parcel(files);
      if (!what.count) throw new Refused("There is nothing in it, or all of it is left out by .gitignore.");
      if (what.blob.size > Number(box.dataset.limit)) {
        throw new Refused(`It has ${amount(what.blob.size)}; at most ${amount(Number(box.dataset.limit))} are taken.`);
      }
      find("name").textContent = what.filename;
      const total = what.blob.size;
      const told = (done, waiting = "") => {
        begunAt ??= { at: Date.now(), done };
        const seconds = (Date.now() - begunAt.at) / 1000;
        const rate = seconds > 0.5 ? (done - begunAt.done) / seconds : 0;
        const left = rate > 0 ? `, ${Math.ceil((total - done) / rate)} s left` : "";
        find("bar").max = total;
        find("bar").value = done;
        find("amount").textContent = `${amount(done)} of ${amount(total)}`;
        find("state").textContent = waiting || (rate ? `${amount(rate)} a second${left}` : "Sending …");
      };
      told(0);
      const artifact = await send(box, what, told, mine);
      find("state").textContent = `Handed in within ${Math.round((Date.now() - began) / 1000)} s.`;
      location.assign(`${box.dataset.artifacts}/${artifact}`);
    } catch (error) {
      find("state").textContent = error instanceof Refused ? error.message : `It could not be read: ${error.message}`;
      find("stop").textContent = "Back";
      mine.over = true;
      if (mine.stopped && mine.place) end(mine.place);
    }
  }

  find("stop").addEventListener("click", () => {
    if (!stop) return;
    if (!stop.over) {
      stop.stopped = true;
      stop.abort?.();
      return;
    }
    stop = null;
    sending.hidden = true;
    for (const form of forms) form.hidden = false;
    for (const input of box.querySelectorAll("input[type=file]")) input.value = ""; // so that the same can be picked again
  });

  for (const input of box.querySelectorAll("input[type=file]")) {
    input.form.addEventListener("submit", (event) => {
      event.preventDefault();
      begin([...input.files].map((file) => [file.webkitRelativePath || file.name, file]));
    });
    input.addEventListener("change", () => input.form.requestSubmit());
    input.form.querySelector("button").hidden = true;
  }

  find("invite").prepend("Drop it here, or pick it below. ");
  let depth = 0;
  box.addEventListener("dragenter", (event) => {
    event.preventDefault();
    depth++;
    box.classList.add("over");
  });
  box.addEventListener("dragover", (event) => event.preventDefault());
  box.addEventListener("dragleave", () => {
    if (--depth <= 0) box.classList.remove("over");
  });
  box.addEventListener("drop", async (event) => {
    event.preventDefault();
    depth = 0;
    box.classList.remove("over");
    begin(await dropped(event.dataTransfer));
  });
}

const box = document.getElementById("drop");
if (box) handIn(box);

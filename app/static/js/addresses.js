/* How a pasted list of addresses is read: the same as app/kernel/pasting.py; tests/kernel/pasted.json holds both to it. */
globalThis.meiboAddresses = (() => {
  "use strict";
  const UNSEEN = /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\u{e0000}-\u{e0fff}]/gu;
  const QUOTED = /["“„]([^"“”„\r\n]*)["”](?!@)(\s*<)?/g, ANGLED = /<([^<>]*)>/g;
  const AROUND = /^[()[\]{}「」『』【】<>"'“”„‘’.]+|[()[\]{}「」『』【】<>"'“”„‘’.]+$/g;
  const HEADINGS = ["e-mail", "email", "mail", "メール", "メールアドレス", "アドレス", "address"];
  const DOTS_ANYWHERE = ["docomo.ne.jp", "ezweb.ne.jp"];
  const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
  const narrowed = (text) => text.replace(UNSEEN, "").normalize("NFKC").replaceAll("。", ".").trim();
  const words = (text) => text.split(/\s+/).filter(Boolean);
  const cut = (text, at) => (at < 0 ? ["", text] : [text.slice(0, at), text.slice(at + 1)]);

  const bare = (typed) => {
    let word = narrowed(typed);
    if (word.toLowerCase().startsWith("mailto:")) word = word.split("?")[0];
    word = word.replace(/^[()[\]{}<>]+|[()[\]{}<>]+$/g, "").replace(/^"([^"]*)"@/, "$1@");
    if (!word.includes("@")) return word.replace(AROUND, "");
    const [local, domain] = cut(word, word.lastIndexOf("@"));
    return `${local.slice(local.lastIndexOf(":") + 1)}@${domain}`.replace(AROUND, "");
  };
  const addresses = (piece) => {
    const found = [];
    let end = 0;
    for (const match of piece.matchAll(ANGLED)) {
      found.push(...words(piece.slice(end, match.index)).slice(0, -1).filter((word) => word.includes("@")).map(bare), bare(match[1]) || piece);
      end = match.index + match[0].length;
    }
    const rest = piece.slice(end), within = words(rest).filter((word) => word.includes("@"));
    const isTorn = within.some((word) => word.replace(AROUND, "").startsWith("@") || word.endsWith("@"));
    return found.concat(isTorn ? [rest.trim()] : within.map(bare));
  };
  const entry = (text) => {
    const found = [];
    let waiting = [];
    for (const piece of text.split(/[,、]/).map((part) => part.trim()).filter(Boolean)) {
      if (!piece.includes("@") && !piece.includes("<")) { waiting.push(piece); continue; }
      if (piece.search(/<[^<>]*>/) < 0) found.push(...waiting);
      found.push(...addresses(piece));
      waiting = [];
    }
    return found.concat(waiting);
  };
  const cells = (line) => {
    const all = line.split("\t").map((cell) => cell.trim()).filter(Boolean), named = all.filter((cell) => cell.includes("@"));
    if (all.length < 2 || named.length) return named.length ? named : all;
    return all.some((cell) => HEADINGS.includes(cell.toLowerCase().replaceAll(" ", ""))) ? [] : [all.join(" ")];
  };
  const pieces = (text) => text.normalize("NFKC")
    .replace(QUOTED, (_whole, inside, angle = "") => (inside.includes("@") && !angle ? inside : inside.replace(/[,;、@\t]/g, " ") + angle))
    .split(/[\r\n\v\f\u0085\u2028\u2029]+/).flatMap(cells).flatMap((cell) => cell.split(";")).flatMap(entry);

  const host = (domain) => {  // as mail servers write it, by the browser's own IDNA
    try { return new URL(`http://${domain}`).hostname; } catch { return ""; }
  };
  const mailbox = (typed) => {
    const address = narrowed(typed), [local, domain] = cut(address, address.lastIndexOf("@"));
    const ascii = /^[^\s/?#:@\\%[\]]+$/.test(domain) ? host(domain) : "";
    const tidy = DOTS_ANYWHERE.includes(ascii) ? local.replace(/\.{2,}/g, ".").replace(/\.+$/, "") : local;
    const isRight = LOCAL.test(tidy) && local.length <= 64 && `${local}@${ascii}`.length <= 254 &&
      /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*$/.test(ascii);
    return { address, isRight, key: ascii ? `${local.toLowerCase()}@${ascii}` : address.toLowerCase() };
  };
  return { pieces, mailbox };
})();

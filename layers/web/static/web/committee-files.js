/**
 * Pictures as PNG, made here of the SVG that the server draws, and texts into the clipboard.
 */

import { page, said } from "web/page.js";

const SCALE = 2;

/** Listen to the buttons below the blocks. */
export function listen() {
  document.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("button");
    if (!button) return;
    const { png, copy, copyText } = button.dataset;
    if (png) void asPng(png, button.dataset.name ?? "picture.png");
    if (copy) void intoClipboard(copy.startsWith("/") ? new URL(copy, location.href).href : copy);
    if (copyText) void intoClipboard(document.querySelector(copyText)?.textContent?.trim() ?? "");
  });
}

/**
 * @param {string} address of the SVG
 * @param {string} name of the file
 */
async function asPng(address, name) {
  const texts = page.committee?.texts ?? {};
  try {
    const answer = await fetch(address, { credentials: "omit" });
    if (!answer.ok) throw new Error(String(answer.status));
    const picture = await drawn(await answer.text());
    const link = document.createElement("a");
    link.href = URL.createObjectURL(picture);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  } catch (reason) {
    console.warn("picture:", reason);
    said(texts.noPicture ?? "");
  }
}

/**
 * @param {string} svg
 * @returns {Promise<Blob>}
 */
async function drawn(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * SCALE;
  canvas.height = image.naturalHeight * SCALE;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const made = await new Promise((/** @type {BlobCallback} */ resolve) => canvas.toBlob(resolve, "image/png"));
  if (!made) throw new Error("no picture");
  return made;
}

/** @param {string} words */
async function intoClipboard(words) {
  const texts = page.committee?.texts ?? {};
  try {
    await navigator.clipboard.writeText(words);
    said(texts.copied ?? "");
  } catch {
    said(texts.notCopied ?? "");
    window.prompt("", words);
  }
}

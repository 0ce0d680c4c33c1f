/** Hands a file made in the page to the reader. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  // The download has begun by then in every browser; revoked at once, some would lose it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

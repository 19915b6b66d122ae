/** Files on their way to a message that is being written. */
import { signal } from "@preact/signals";
import { freshId } from "../lib/text.js";
import { upload } from "../lib/upload.js";

export class Uploads {
  /** { key, name, size, picture?: blob address, share: 0 … 1, stored?: File, detail?: why it failed } */
  files = signal([]);
  #path;
  #aborts = new Map();

  constructor(path) {
    this.#path = path;
  }

  get isBusy() {
    return this.files.value.some(({ stored, detail }) => !stored && !detail);
  }

  get ids() {
    return this.files.value.filter(({ stored }) => stored).map(({ stored }) => stored.id);
  }

  add(files) {
    [...files].forEach((file) => this.#send(file));
  }

  #send(file) {
    const key = freshId();
    const picture = file.type.startsWith("image/") ? URL.createObjectURL(file) : undefined;
    this.files.value = [...this.files.value, { key, name: file.name || "Pasted picture", size: file.size, picture, share: 0 }];
    const { done, abort } = upload(this.#path, file, (share) => this.#amend(key, { share }));
    this.#aborts.set(key, abort);
    done.then(
      (stored) => this.#amend(key, { stored, share: 1 }),
      (problem) => this.#amend(key, { detail: problem.message }),
    );
  }

  #amend(key, changes) {
    this.files.value = this.files.value.map((file) => (file.key === key ? { ...file, ...changes } : file));
  }

  drop(key) {
    const { picture, stored } = this.files.value.find((file) => file.key === key);
    if (!stored) this.#aborts.get(key)?.();
    if (picture) URL.revokeObjectURL(picture);
    this.#aborts.delete(key);
    this.files.value = this.files.value.filter((file) => file.key !== key);
  }

  clear() {
    this.files.value.forEach(({ key }) => this.drop(key));
  }
}

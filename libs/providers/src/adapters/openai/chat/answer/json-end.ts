/** Finds the end of a JSON object or list in a text that comes in pieces, looking at each character once. */
export class JsonEnd {
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #hasBegun = false;

  /** @returns how many characters of the piece belong to the value when it ends in this piece; undefined when it does not */
  push(piece: string): number | undefined {
    for (let at = 0; at < piece.length; at++) if (this.#read(piece.charCodeAt(at))) return at + 1;
    return undefined;
  }

  #read(char: number): boolean {
    if (this.#isInString) return this.#readString(char);
    switch (char) {
      case 0x22 /* " */:
        this.#isInString = true;
        return false;
      case 0x7b /* { */:
      case 0x5b /* [ */:
        this.#hasBegun = true;
        this.#depth += 1;
        return false;
      case 0x7d /* } */:
      case 0x5d /* ] */:
        this.#depth -= 1;
        return this.#hasBegun && this.#depth === 0;
      default:
        return false;
    }
  }

  #readString(char: number): false {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (char === 0x5c /* \ */) this.#isEscaped = true;
    else if (char === 0x22) this.#isInString = false;
    return false;
  }
}

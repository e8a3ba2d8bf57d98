/** Bits, most significant first. */
export class BitWriter {
  private bytes = Buffer.alloc(4096);
  private length = 0;
  private current = 0;
  private filled = 0;

  private room(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = Buffer.alloc(Math.max(this.bytes.length * 2, this.length + more));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  bit(value: number): void {
    this.current = (this.current << 1) | (value & 1);
    if (++this.filled < 8) return;
    this.room(1);
    this.bytes[this.length++] = this.current;
    this.current = 0;
    this.filled = 0;
  }

  bits(value: number, count: number): void {
    for (let index = count - 1; index >= 0; index--) this.bit((value >>> index) & 1);
  }

  /** Exp-Golomb, unsigned. */
  ue(value: number): void {
    const size = 32 - Math.clz32(value + 1);
    this.bits(0, size - 1);
    this.bits(value + 1, size);
  }

  align(): void {
    while (this.filled !== 0) this.bit(0);
  }

  /** Whole bytes; only where the writer is at a byte's edge. */
  raw(data: Uint8Array): void {
    this.room(data.length);
    this.bytes.set(data, this.length);
    this.length += data.length;
  }

  /** A one and zeros up to the byte's edge, as every unit of H.264 ends. */
  end(): Buffer {
    this.bit(1);
    this.align();
    return this.bytes.subarray(0, this.length);
  }
}

/** The newest so many figures, in their order; adding one costs the same however many there are. */
export class RecentFigures<Figure extends { readonly at: number }> {
  readonly #most: number
  readonly #ring: Figure[] = []
  #next = 0

  constructor(most: number) {
    this.#most = most
  }

  add(figure: Figure): void {
    this.#ring[this.#next] = figure
    this.#next = (this.#next + 1) % this.#most
  }

  /** Those not older than `at`, oldest first. */
  since(at: number): readonly Figure[] {
    const ordered = this.#ring.length < this.#most ? this.#ring : [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)]
    return ordered.filter(figure => figure.at >= at)
  }
}

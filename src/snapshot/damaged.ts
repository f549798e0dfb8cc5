/** A file of a store, relative to its folder, does not hold what was written to it. */
export class StoreDamaged extends Error {
  override readonly name = 'StoreDamaged'

  constructor(readonly file: string) {
    super(`the snapshot store is damaged: ${file} does not hold what was written to it`)
  }
}

export interface ImageReader {
  /** The digest (`sha256:…`) of an image in its registry. Throws a StackError with the reason if it has none. */
  digestOf(image: string, signal: AbortSignal): Promise<string>
  /** Removes an image that has neither a name nor containers; keeps any other. */
  dropNameless(id: string, signal: AbortSignal): Promise<void>
}

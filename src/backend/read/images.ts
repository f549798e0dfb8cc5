export interface ImageReader {
  /** The digest (`sha256:…`) of an image in its registry. Throws StackError, with the reason, if there is none. */
  digestOf(image: string, signal: AbortSignal): Promise<string>
  /** Removes an image that has neither a name nor containers; any other stays. */
  dropNameless(id: string, signal: AbortSignal): Promise<void>
}

export interface ImageReader {
  /** The digest (`sha256:…`) of an image in its registry. Throws StackError, with the reason, if there is none. */
  digestOf(image: string, signal: AbortSignal): Promise<string>
}

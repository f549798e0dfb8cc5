export interface PackageReader {
  /** The texts of files of an image by path, read without starting anything; folders count as all of their files. Absent ones are left out. */
  files(image: PackagedImage, paths: readonly string[], signal: AbortSignal): Promise<Record<string, string>>
  /**
   * The lines that the interpreters in an image print about their packages (`lockfile/packages.ts` reads them), from a container without
   * network and volumes, that cannot write, and that is removed. None if the image has no shell and no interpreter.
   */
  lines(image: PackagedImage, signal: AbortSignal): Promise<string[]>
}

export interface PackagedImage {
  /** A name or id. */
  image: string
  /** Its containers are marked with the project. */
  project: string
}

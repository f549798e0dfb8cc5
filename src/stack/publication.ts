/** A file of a stack that is published: all files lie in one folder, and name each other by their names there. */
export interface PublishedFile {
  name: string
  role: 'main' | 'extended' | 'env'
  content: Uint8Array
}

/** What is published in a registry, and where. */
export interface Publication {
  /** The name of a repository, with or without a tag; `latest` is the default. */
  name: string
  files: readonly PublishedFile[]
  /** Images that are copied into the repository, by their full names: an application is published. */
  images?: readonly string[]
  /** By default 1.1, or 1.0 for a registry that does not take that. */
  ociVersion?: '1.0' | '1.1'
  /** RFC 3339. */
  created: string
  /** The version of Compose whose format this is. */
  composeVersion: string
}

/** A context that the engine fetches itself: a Git repository or an archive (Compose Build Specification, `context`). */
export function isRemote(context: string): boolean {
  return /^(https?|git|ssh):\/\//.test(context) || /^(git@[^/]+:|github\.com\/)/.test(context)
}

/** A repository of the form `URL#REF:FOLDER`. */
export function hasFolder(context: string): boolean {
  return isRemote(context) && /#[^:]*:./.test(context)
}

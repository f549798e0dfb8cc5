/** A context that the engine fetches itself: a Git repository or an archive (Compose Build Specification, `context`). */
export function isRemote(context: string): boolean {
  return /^(https?|git|ssh):\/\//.test(context) || /^(git@[^/]+:|github\.com\/)/.test(context)
}

/** `dist`: the folder to make, by default the project's own. `types`: whether the library's declarations belong into it. */
export function build(options?: { dist?: string; types?: boolean }): Promise<void>

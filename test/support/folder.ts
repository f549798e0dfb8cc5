import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A directory with these files (by relative path), gone afterwards. A content that begins with `#!` is executable. */
export async function withFolder<T>(files: Record<string, string>, body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-test-'))
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), content)
      if (content.startsWith('#!')) await chmod(join(folder, path), 0o755)
    }
    return await body(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

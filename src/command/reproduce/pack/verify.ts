import { resolve } from 'node:path'
import type { Context } from '../../../cli/context.ts'
import { printSentence } from '../../../cli/show.ts'
import { StackError, unwrap } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { readText } from '../../../load/file/read.ts'
import { openPackFrom } from '../../../pack/read/open-pack.ts'
import { decimalSize } from '../../../view/size.ts'
import { packFile } from './open.ts'
import { byteProgress } from './progress.ts'

/** Reads every byte of a pack. Throws a StackError unless all of it is as it says, and signed by the key if one is named. */
export async function verifyPack(context: Context, name: string, keyFile: string | undefined): Promise<number> {
  const key = keyFile === undefined ? undefined : keyText(context, keyFile)
  const file = await packFile(context, name)
  const progress = byteProgress(context, 'Verified', (await file.stat()).size)
  try {
    const options = { signal: context.signal, onProgress: progress.add, ...(key !== undefined && { key }) }
    const pack = await openPackFrom(file, options)
    await pack.close()
    printSentence(
      context,
      `${name} is whole: ${pack.members.length} files, ${decimalSize(pack.size)}, content ${pack.index.content}`,
    )
    if (key !== undefined) printSentence(context, 'It is signed by this key')
    else if (pack.isSigned) printSentence(context, 'It is signed; --key checks by whom')
    return 0
  } finally {
    progress.end()
  }
}

/** A key's PEM text. */
export function keyText({ project, host }: Context, path: string): string {
  if (path === '') throw new StackError([error('usage', 'the name of the key file is empty')])
  return unwrap(readText(project.disk, resolve(host.cwd, path)))
}

import type { Context } from '../../../cli/context.ts'
import { printJson, printTable, printWords } from '../../../cli/show.ts'
import { declaredTotal } from '../../../pack/read/limits.ts'
import { readPackHeadersFrom } from '../../../pack/read/open-pack.ts'
import type { Member, PackHeaders } from '../../../pack/types.ts'
import { oneLine } from '../../../view/redact/visible.ts'
import { decimalSize } from '../../../view/size.ts'
import { packFile } from './open.ts'

/** Prints what is in a pack, from its headers and its index. */
export async function inspectPack(context: Context, name: string, format: 'text' | 'json'): Promise<number> {
  const pack = await readPackHeadersFrom(await packFile(context, name), { signal: context.signal })
  if (format === 'json') printJson(context, dataOf(pack))
  else printText(context, pack)
  return 0
}

function dataOf({ index, members, size, isSigned }: PackHeaders) {
  const files = members.map(({ path, size, executable }) => ({ path, size, ...(executable && { executable }) }))
  return { size, uncompressed: declaredTotal({ members }, index), signed: isSigned, index, members: files }
}

function printText(context: Context, pack: PackHeaders): void {
  const { index, size, members, isSigned } = pack
  const facts = {
    Name: index.name,
    Platform: index.platform,
    Size: `${decimalSize(size)}, ${decimalSize(declaredTotal({ members }, index))} uncompressed`,
    Content: index.content,
    Signed: isSigned ? 'yes' : 'no',
    Services: index.services.join(', '),
  }
  for (const [key, value] of Object.entries(facts)) printWords(context, `${key.padEnd(9)} ${oneLine(value)}\n`)
  printWords(context, '\n')
  printTable(context, ['KIND', 'NAME', 'SIZE'], rowsOf(pack))
  for (const [title, items] of remarksOf(pack))
    printWords(context, `\n${title}:\n${items.map((item) => `  ${oneLine(item)}\n`).join('')}`)
}

function rowsOf({ index, members }: PackHeaders): string[][] {
  const sizes = new Map(members.map(({ path, size }) => [path, size]))
  const sizeOf = (path: string) => decimalSize(sizes.get(`data/${path}`) ?? 0)
  return [
    ...index.images.map(({ names, services, layers }) => [
      'image',
      names.join(', ') || `of ${services.join(', ')}`,
      `${layers.length} layers`,
    ]),
    ['images', 'all layers', decimalSize(total(members, 'data/images/'))],
    ...index.volumes.map(({ name, path }) => ['volume', name, sizeOf(path)]),
    ...index.dumps.map(({ service, family, path }) => ['database', `${service} (${family})`, sizeOf(path)]),
    ...['stack', 'outside', 'files'].map((folder) => filesRow(members, folder)),
  ].filter((row) => row.length > 0)
}

function filesRow(members: readonly Member[], folder: string): string[] {
  const files = members.filter(({ path }) => path.startsWith(`data/${folder}/`))
  return files.length === 0 ? [] : ['files', `${folder} (${files.length})`, decimalSize(total(files, ''))]
}

function total(members: readonly Member[], prefix: string): number {
  return members.filter(({ path }) => path.startsWith(prefix)).reduce((sum, { size }) => sum + size, 0)
}

function remarksOf({ index }: PackHeaders): [string, string[]][] {
  const secrets = index.secrets.map(({ name, from, place }) => `${name} (${from} ${place})`)
  const all: [string, readonly string[]][] = [
    ['Not in the pack', index.leftOut],
    ['Secrets to supply', secrets],
  ]
  return all.filter(([, items]) => items.length > 0).map(([title, items]) => [title, [...items]])
}

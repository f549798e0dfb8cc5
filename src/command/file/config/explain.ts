import type { Context } from '../../../cli/context.ts'
import { widthFor, wordsFor } from '../../../cli/show.ts'
import { unwrap } from '../../../diagnostics/checked.ts'
import { ownCommand } from '../../../diagnostics/own-command.ts'
import type { Explained } from '../../../load/explain/explained.ts'
import type { Loaded } from '../../../load/loaded.ts'

/** Explains where a value comes from, as text or JSON; unlike the rest of `config`, it hides secrets. */
export async function explanation(
  context: Context,
  loaded: Loaded,
  path: string,
  format: 'yaml' | 'json' | undefined,
): Promise<string> {
  const { maskedOrigin } = await import('../../../view/redact/masked-origin.ts')
  const found = await explainedAt(context, loaded, path)
  const explained = maskedOrigin(found, loaded.sensitive)
  if (JSON.stringify(explained) !== JSON.stringify(found))
    (await context.view()).say(`secret values are hidden; ${ownCommand('config')} shows them`)
  if (format === 'json') return `${JSON.stringify(explained, null, 2)}\n`
  const [{ originText }, { paletteOf }] = await Promise.all([
    import('../../../view/report/origin.ts'),
    import('../../../view/palette.ts'),
  ])
  const text = originText(explained, {
    palette: paletteOf(context.terminal.out),
    columns: context.terminal.out.columns(),
    wrapAt: widthFor(context),
    workingDirectory: context.host.cwd,
    sensitive: loaded.sensitive,
    sourceOf: (file) => loaded.sources.get(file),
  })
  return wordsFor(context, text)
}

async function explainedAt(context: Context, loaded: Loaded, path: string): Promise<Explained> {
  const [{ input, directory }, { explain }, { settingsOf }] = await Promise.all([
    context.project.files(),
    import('../../../load/explain/explain.ts'),
    import('../../../load/explain/variables.ts'),
  ])
  const { trace } = loaded
  if (!trace) throw new Error('the stack was loaded without a trace')
  return unwrap(explain({ ...loaded, trace }, path, settingsOf(input, context.project.disk, directory)))
}

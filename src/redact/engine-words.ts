/**
 * Words that occur in messages of engines and runtimes. A password that equals such a word is masked only if its position identifies
 * it as a password: elsewhere the mask would garble the message, and anyone could guess the word.
 */
export const ENGINE_WORDS: ReadonlySet<string> = new Set(
  `access address addresses allocated already argument attach attached authentication authorization available binding bridge cannot
  change cluster command config configuration configured conflict connect connected connection container containers context create
  created creating credentials daemon default denied destination device digest directory docker driver during endpoint engine
  environment exceeded exclusive executable exists exited expected external failed failure fatal filesystem format foreign found
  gateway handshake health healthy helper hostname image images initialize initializing internal invalid listen lookup manifest
  matching memory missing mounted mounting mounts namespace network networks number object operation option options parsing
  password permission permitted platform plugin policy portmap private process processes program project protocol proxy publish
  readonly reference refused registry remote removal remove removed removing repository request requested required resource
  response response: restart restarting running runtime secret secrets server service services shared signal socket source specified
  specify standard_init start started starting startup status stopped stopping storage supported system target timeout token
  unable unauthorized unexpected unhealthy unknown userland username version volume volumes waiting without working`
    .split(/\s+/)
    .filter((word) => word.length > 5),
)

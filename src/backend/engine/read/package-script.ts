const PYTHON = `
try:
    import importlib.metadata as found
except ImportError:
    import importlib_metadata as found
for each in found.distributions():
    print("pip", each.metadata["Name"], each.version, sep="\\t")
`

const R = `
all <- installed.packages()[, c("Package", "Version"), drop = FALSE]
cat(paste("r", all[, 1], all[, 2], sep = "\\t"), sep = "\\n")
cat("\\n")
`

/** Prints `KIND NAME VERSION` with tabs for each package, and `failed PROGRAM` for an interpreter that does not answer. Conda keeps a file for each package. */
const SHELL = `
for python in python3 python; do
  command -v $python >/dev/null 2>&1 || continue
  $python -c '${PYTHON}' 2>/dev/null || printf 'failed\\t%s\\n' $python
  break
done
if command -v Rscript >/dev/null 2>&1; then
  Rscript --vanilla -e '${R}' 2>/dev/null || printf 'failed\\tRscript\\n'
fi
for file in "\${CONDA_PREFIX:-/opt/conda}"/conda-meta/*.json; do
  [ -e "$file" ] || continue
  file=\${file##*/}
  printf 'conda\\t%s\\n' "\${file%.json}"
done
`

/** Command lines, the first of which that an image can run is used. */
export const ATTEMPTS: readonly (readonly [program: string, ...words: string[]])[] = [
  ['sh', '-c', SHELL],
  ['python3', '-c', PYTHON],
]

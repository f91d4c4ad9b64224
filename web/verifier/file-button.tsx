/** @jsxImportSource preact */
interface Props {
  readonly label: string
  readonly accept: string
  readonly primary?: boolean
  readonly onFile: (file: File) => void
}

/** The browser's own field for a file, dressed as a button: keyboard and reader find what they know. */
export function FileButton({ label, accept, primary = false, onFile }: Props) {
  return (
    <label class={`button file ${primary ? 'button-primary' : 'button-secondary'}`}>
      {label}
      <input
        class="visually-hidden"
        type="file"
        accept={accept}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0]
          // The same file, chosen again after it was downloaded again, is a change too.
          currentTarget.value = ''
          if (file !== undefined) onFile(file)
        }}
      />
    </label>
  )
}

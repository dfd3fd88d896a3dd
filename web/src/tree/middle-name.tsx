/** Servers of a fleet differ at the end of their names: so much of it is always seen. */
const tailLetters = 9
const shortMax = 14

/** A name that is cut in its middle where there is no room for it. */
export function MiddleName({ name }: { readonly name: string }) {
  if (name.length <= shortMax) return <span className="name-tail">{name}</span>
  return (
    <span className="middle-name">
      <span className="name-head">{name.slice(0, -tailLetters)}</span>
      <span className="name-tail">{name.slice(-tailLetters)}</span>
    </span>
  )
}

import type { Child } from "hono/jsx";

function Picture({ children }: { children?: Child }) {
  return (
    <svg width="132" height="56" viewBox="0 0 132 56" fill="none" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

function Box({ x, y, width, height }: { x: number; y: number; width: number; height: number }) {
  return <rect x={x} y={y} width={width} height={height} rx="5" stroke="currentColor" stroke-width="1.5" />;
}

/** People as dots; a lighter one has no value. */
function People({ at, faint = false }: { at: readonly (readonly [number, number])[]; faint?: boolean }) {
  return (
    <>
      {at.map(([x, y]) => (
        <circle cx={x} cy={y} r="4" fill="currentColor" opacity={faint ? "0.45" : "1"} />
      ))}
    </>
  );
}

function Arrow({ x }: { x: number }) {
  return (
    <path
      d={`M${x} 28h12m-4-4 4 4-4 4`}
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  );
}

/** People with values fall into a group for each value. */
export function FieldPicture() {
  return (
    <Picture>
      <People
        at={[
          [8, 14],
          [24, 14],
          [8, 42],
        ]}
      />
      <People
        at={[
          [24, 42],
          [8, 28],
        ]}
        faint
      />
      <Arrow x={40} />
      <Box x={66} y={4} width={60} height={21} />
      <Box x={66} y={31} width={60} height={21} />
      <People
        at={[
          [78, 14.5],
          [92, 14.5],
          [106, 14.5],
        ]}
      />
      <People
        at={[
          [78, 41.5],
          [92, 41.5],
        ]}
        faint
      />
    </Picture>
  );
}

/** The provider's groups stand here again with the same people. */
export function IdpPicture() {
  return (
    <Picture>
      <TwoGroups x={4} width={42} />
      <Arrow x={60} />
      <TwoGroups x={84} width={42} />
    </Picture>
  );
}

/** All people go into one group. */
export function NonePicture() {
  return (
    <Picture>
      <People
        at={[
          [8, 14],
          [24, 14],
          [8, 42],
          [24, 42],
          [16, 28],
        ]}
      />
      <Arrow x={40} />
      <Box x={66} y={8} width={60} height={40} />
      <People
        at={[
          [80, 20],
          [96, 20],
          [112, 20],
          [88, 36],
          [104, 36],
        ]}
      />
    </Picture>
  );
}

/** The setting's own group beside those of the criteria, with everybody in it. */
export function EveryonePicture() {
  return (
    <Picture>
      <TwoGroups x={4} width={54} />
      <Box x={72} y={8} width={54} height={40} />
      <People
        at={[
          [86, 22],
          [100, 22],
          [114, 22],
        ]}
      />
      <People
        at={[
          [86, 36],
          [100, 36],
        ]}
        faint
      />
    </Picture>
  );
}

/** The setting's own group holds only those whom the criteria left over. */
export function UngroupedPicture() {
  return (
    <Picture>
      <Box x={4} y={4} width={54} height={21} />
      <Box x={4} y={31} width={54} height={21} />
      <People
        at={[
          [16, 14.5],
          [30, 14.5],
        ]}
      />
      <People
        at={[
          [16, 41.5],
          [30, 41.5],
        ]}
      />
      <Box x={72} y={8} width={54} height={40} />
      <People
        at={[
          [92, 28],
          [106, 28],
        ]}
        faint
      />
    </Picture>
  );
}

/** A group of two people above one of one. */
function TwoGroups({ x, width }: { x: number; width: number }) {
  return (
    <>
      <Box x={x} y={4} width={width} height={21} />
      <Box x={x} y={31} width={width} height={21} />
      <People
        at={[
          [x + 12, 14.5],
          [x + 26, 14.5],
        ]}
      />
      <People at={[[x + 12, 41.5]]} faint />
    </>
  );
}

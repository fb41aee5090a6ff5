const PATHS = {
  link: "M9.5 14.500l5-5M8 11l-2 2a3.54 3.54 0 0 0 5 5l2-2M16 13l2-2a3.54 3.54 0 0 0-5-5l-2 2",
  find: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13ZM15.500 15.500 20 20",
  home: "M4 11.500 12 4.500l8 7M6 10v9.500h12V10M10 19.500v-5.500h4v5.500",
  training:
    "M12 5 2.500 9.500 12 14l9.500-4.500zM6.500 11.500v4.500c0 1.500 2.500 3 5.500 3s5.500-1.500 5.500-3v-4.500M21.500 9.500v5.500",
  people:
    "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM3.5 19a5.5 5.5 0 0 1 11 0M16 5.500a3 3 0 0 1 0 5.500M17.5 14a5 5 0 0 1 3 5",
  groups: "M4 6.500h7v5H4zM13 12.500h7v5h-7zM13 6.500h7M4 17.500h7",
  log: "M5 6h14M5 10.500h14M5 15h9M5 19.500h6",
  send: "M4 12.500 20 4.500l-5.500 15.500-3.500-6.500zM11 13.500l9-9",
  company: "M5 20V5h8v15M13 10h6v10M8 9h2M8 13h2M8 17h2M3 20h18",
  warning: "M12 4 2.5 20h19zM12 10v4.500M12 17.500v.1",
  bell: "M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 2h-15zM10 20.500h4",
  done: "M4.5 12.500l5 5 10-11",
  info: "M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 11v5.500M12 7.800v.1",
  pause: "M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17ZM10 9v6M14 9v6",
  plus: "M12 5v14M5 12h14",
  menu: "M4 7h16M4 12h16M4 17h16",
} as const;

/** A line icon; always beside words, hence hidden from assistive technology. */
export function Icon({ name, size = 18 }: { name: keyof typeof PATHS; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}

/** The product's name as it is drawn: its last letter is the tick behind a name that was called. */
export function Wordmark() {
  return (
    <svg width="95" height="24" viewBox="0 0 95 24" fill="none" role="img" aria-label="Rollcall" focusable="false">
      <g stroke="currentColor" stroke-width="2.3" stroke-linecap="round" stroke-linejoin="round">
        <path d="M3 18.500V9M3 13.200C3 10.500 4.800 9 8 9" />
        <circle cx="16" cy="13.700" r="4.700" />
        <path d="M26 4v14.500M32 4v14.500" />
        <path d="M45.300 10.500a4.700 4.700 0 1 0 0 6.400" />
        <circle cx="55.500" cy="13.700" r="4.700" />
        <path d="M60.200 9v9.500M66 4v14.500" />
      </g>
      <path
        class="tick"
        d="m72.500 12.500 5.500 6L91.500 4"
        stroke-width="2.800"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

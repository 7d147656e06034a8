const PATHS = {
  home: "M4 11.5 12 5l8 6.5V19a1 1 0 0 1-1 1h-4v-5H9v5H5a1 1 0 0 1-1-1z",
  invoice: "M6 3.5h9L19 8v12.5l-2.3-1.3-2.4 1.3-2.3-1.3-2.3 1.3-2.4-1.3L6 20.5zM9.5 10h6M9.5 14h6",
  estimate: "M14 3.5H7a1 1 0 0 0-1 1v15a1 1 0 0 0 1 1h10a1 1 0 0 0 1-1V8zM14 3.5V8h4M9 13.5l2 2 4-4",
  statement: "M4 19.5h16M6.5 16v-5M12 16V5M17.5 16V9",
  bell: "M6 10a6 6 0 1 1 12 0c0 5 2 6 2 6H4s2-1 2-6M10 19.5a2.2 2.2 0 0 0 4 0",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.5 20.5c.6-4 3.6-6 7.5-6s6.900 2 7.500 6",
  company: "M4 20.500V6l8-2.500V20.500M12 9l8 2v9.500M2.500 20.500h19M7 9.500h2M7 13h2M7 16.500h2M15.500 14h1.500M15.500 17h1.500",
  card: "M3.500 6.500h17v11h-17zM3.500 10.500h17M7 14.500h3",
  lock: "M6.500 11h11v9h-11zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  key: "M8 15.500a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 11.500h9M17.500 11.500v4M21 11.500v3",
  device: "M4 5.500h16v10.500H4zM9 20h6M12 16v4",
  close: "M6 6l12 12M18 6 6 18",
  check: "M5 12.500l4.500 4.500L19 7.500",
  alert: "M12 8v5M12 16.500v.01M12 3.500l9.500 16.500h-19z",
  info: "M12 11v5.500M12 7.500v.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18",
  search: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13M15.500 15.500 20 20",
  back: "M15 5.500 8.500 12l6.500 6.500",
  next: "M9 5.500 15.500 12 9 18.500",
  down: "M6 9.500l6 6 6-6",
  download: "M12 4v11M7 10.500l5 5 5-5M4.500 20h15",
  print: "M7 9V4h10v5M7 17H4.500V9h15v8H17M7 14h10v6H7z",
  forward: "M14 5.500 20.500 12 14 18.500M20 12h-9a7 7 0 0 0-7 7",
  comment: "M4 5h16v11.500h-9L6.500 20.500v-4H4z",
  out: "M14 4H5v16h9M10 12h11M17.500 8.500 21 12l-3.500 3.500",
  eye: "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6",
  eyeOff: "M4 4l16 16M9.500 6c.8-.3 1.600-.5 2.500-.5 6 0 9.500 6.500 9.500 6.500a17 17 0 0 1-3 3.600M6 7.700A16 16 0 0 0 2.500 12s3.500 6.500 9.500 6.500c1.500 0 2.900-.4 4.100-1",
  history: "M4 5v4.500h4.500M4.500 9.500A8 8 0 1 1 4 13M12 8v4.500l3 2",
  menu: "M4 7h16M4 12h16M4 17h16",
  plus: "M12 5v14M5 12h14",
  edit: "M4 20l1-4.500L16 4.500 19.500 8 8.500 19z",
  send: "M4 12 20.500 4.500 16 20l-4-6.500zM12 13.500l8.500-9",
  staff: "M9 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7M2.500 19.500c.5-3.500 3-5 6.500-5s6 1.500 6.500 5M16 4.800a3.500 3.500 0 0 1 0 6.400M18 14.800c2 .7 3.200 2.200 3.500 4.700",
  settings: "M4 7h10M18 7h2M4 17h2M10 17h10M16 9.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5M8 19.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5",
} as const;

export type IconName = keyof typeof PATHS;

/** Icons that point somewhere turn with the direction of the language. */
const TURNING: ReadonlySet<IconName> = new Set(["back", "next", "forward", "out", "send"]);

/** A drawing beside words; it says nothing by itself. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className={TURNING.has(name) ? "icon turns" : "icon"} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

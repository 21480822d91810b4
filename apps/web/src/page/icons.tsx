import type { ReactNode } from 'react';

export function Icon({ children }: { readonly children: ReactNode }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export const MenuIcon = () => (
  <Icon>
    <path d="M3.5 6h13M3.5 10h13M3.5 14h8" />
  </Icon>
);
export const NewIcon = () => (
  <Icon>
    <path d="M10 4.5v11M4.5 10h11" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon>
    <path d="m5.5 5.5 9 9m0-9-9 9" />
  </Icon>
);
export const SendIcon = () => (
  <Icon>
    <path d="M10 15.5v-11M5.5 9 10 4.5 14.5 9" />
  </Icon>
);
export const StopIcon = () => (
  <Icon>
    <rect x="6" y="6" width="8" height="8" rx="1.6" className="filled" />
  </Icon>
);
export const CopyIcon = () => (
  <Icon>
    <rect x="7" y="7" width="9" height="9" rx="2" />
    <path d="M13 4.9A2 2 0 0 0 11.4 4H6a2 2 0 0 0-2 2v5.4c0 .6.4 1.2.9 1.6" />
  </Icon>
);
export const CheckIcon = () => (
  <Icon>
    <path d="m4.5 10.5 3.7 3.7 7.3-8" />
  </Icon>
);
export const DownIcon = () => (
  <Icon>
    <path d="M10 4.5v11M5.5 11 10 15.5l4.5-4.5" />
  </Icon>
);
export const RetryIcon = () => (
  <Icon>
    <path d="M15.5 10a5.5 5.5 0 1 1-1.7-4M14.2 3v3.3h-3.3" />
  </Icon>
);
export const ThumbUpIcon = () => (
  <Icon>
    <path d="M6.5 9v7.5M6.5 9l3-5.6c1.3 0 2 .9 2 2V8h3.2a1.7 1.7 0 0 1 1.7 2l-1 5a1.8 1.8 0 0 1-1.8 1.5H6.5M6.5 9H3.6v7.5h2.9" />
  </Icon>
);
export const ThumbDownIcon = () => (
  <Icon>
    <path d="M13.5 11V3.5m0 7.5-3 5.6c-1.3 0-2-.9-2-2V12H5.3a1.7 1.7 0 0 1-1.7-2l1-5a1.8 1.8 0 0 1 1.8-1.5h7.1m0 7.5h2.9V3.5h-2.9" />
  </Icon>
);
export const ChevronIcon = () => (
  <Icon>
    <path d="m7.5 5 5 5-5 5" />
  </Icon>
);
export const GlobeIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="6.7" />
    <path d="M3.3 10h13.4M10 3.3c4 4 4 9.4 0 13.4M10 3.3c-4 4-4 9.4 0 13.4" />
  </Icon>
);
export const FileIcon = () => (
  <Icon>
    <path d="M11.5 3.5H6.3c-.7 0-1.3.6-1.3 1.3v10.4c0 .7.6 1.3 1.3 1.3h7.4c.7 0 1.3-.6 1.3-1.3V7zm0 0V7H15" />
  </Icon>
);
export const PictureIcon = () => (
  <Icon>
    <rect x="3.5" y="4" width="13" height="12" rx="2" />
    <path d="m3.8 14 4-4 3 3 1.8-1.8 3.6 3.4M12.4 7.6v.01" />
  </Icon>
);
export const ThoughtIcon = () => (
  <Icon>
    <path d="M7.6 14.2h4.8M8.3 16.5h3.4M7.6 14.2c0-2-2.1-2.6-2.1-5.4a4.5 4.5 0 0 1 9 0c0 2.8-2.1 3.4-2.1 5.4" />
  </Icon>
);
export const SparkIcon = () => (
  <Icon>
    <path d="M10 3.5c.6 3.9 2.6 5.9 6.5 6.5-3.9.6-5.9 2.6-6.5 6.5-.6-3.9-2.6-5.9-6.5-6.5 3.9-.6 5.9-2.6 6.5-6.5" />
  </Icon>
);
export const DownloadIcon = () => (
  <Icon>
    <path d="M10 3.8v8.4M6.3 8.8l3.7 3.7 3.7-3.7M4.5 16h11" />
  </Icon>
);
export const InfoIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="6.5" />
    <path d="M10 9.3v4M10 6.6v.1" />
  </Icon>
);
export const WarningIcon = () => (
  <Icon>
    <path d="M9 4 3.3 14.2A1.2 1.2 0 0 0 4.3 16h11.4a1.2 1.2 0 0 0 1-1.8L11 4a1.2 1.2 0 0 0-2 0ZM10 8.2v3.4M10 13.7v.1" />
  </Icon>
);
export const AlertIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="6.5" />
    <path d="M10 6.7v4M10 13.3v.1" />
  </Icon>
);
export const EditIcon = () => (
  <Icon>
    <path d="m4 16 .7-3.3 8.4-8.4a1.6 1.6 0 0 1 2.3 0l.3.3a1.6 1.6 0 0 1 0 2.3l-8.4 8.4L4 16ZM11.7 5.8l2.5 2.5" />
  </Icon>
);
export const SearchIcon = () => (
  <Icon>
    <circle cx="9" cy="9" r="4.7" />
    <path d="m12.6 12.6 3.4 3.4" />
  </Icon>
);
export const MoreIcon = () => (
  <Icon>
    <g className="filled">
      <circle cx="5" cy="10" r="1.3" />
      <circle cx="10" cy="10" r="1.3" />
      <circle cx="15" cy="10" r="1.3" />
    </g>
  </Icon>
);
export const TrashIcon = () => (
  <Icon>
    <path d="M4.2 6h11.6M8 6V4.6c0-.4.3-.8.8-.8h2.4c.5 0 .8.4.8.8V6M5.6 6l.6 9c0 .7.6 1.2 1.2 1.2h5.2c.6 0 1.2-.5 1.2-1.2l.6-9" />
  </Icon>
);
export const LockIcon = () => (
  <Icon>
    <rect x="5" y="9" width="10" height="7" rx="1.6" />
    <path d="M7 9V7a3 3 0 0 1 6 0v2" />
  </Icon>
);
export const SettingsIcon = () => (
  <Icon>
    <path d="M3.5 6h7M14.5 6h2M3.5 14h2M9.5 14h7" />
    <circle cx="12.5" cy="6" r="2" />
    <circle cx="7.5" cy="14" r="2" />
  </Icon>
);
export const KeyboardIcon = () => (
  <Icon>
    <rect x="2.5" y="5" width="15" height="10" rx="2" />
    <path d="M5.5 8h.1M8.5 8h.1M11.5 8h.1M14.5 8h.1M7 12h6" />
  </Icon>
);
export const ToolIcon = () => (
  <Icon>
    <rect x="3.5" y="4.5" width="13" height="11" rx="2" />
    <path d="M3.5 8h13M7 11.5h3" />
  </Icon>
);

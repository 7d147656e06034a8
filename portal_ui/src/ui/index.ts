/** The small parts of which all pages are made. */
export { Button, ButtonLink, FileButton } from "./Button";
export { ConnectionBar } from "./ConnectionBar";
export { Dialog } from "./Dialog";
export { Checkbox, Select, TextField } from "./fields";
export { Errors, Form, useErrorText } from "./Form";
export { Icon, type IconName } from "./icons";
export { Notice } from "./Notice";
export { EmptyState, FailedState, MoreRows, PageHeader, Skeleton, useTitle } from "./pages";
export { DateText, Money, StatusBadge, type BadgeLook } from "./texts";
export { toast } from "./Toast";

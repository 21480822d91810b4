import icon from '../icon.svg';

export function Brand() {
  return (
    <p className="brand">
      <img src={icon} alt="" width="24" height="24" />
      ChatKit Relay
    </p>
  );
}

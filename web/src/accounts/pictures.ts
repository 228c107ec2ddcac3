/** Where the API has the picture of a user or an organisation, and how a new one is read from a file. */
import { addressOf } from '../api/client';
import { dataUrl } from '../api/pictures';
import type { Membership, Organisation, User } from '../api/types';

/** The most a picture may have, before base64. */
export const PICTURE_BYTES = 500_000;
export const PICTURE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;

export const userPicture = (user: Pick<User, '_id' | 'avatar'> | undefined): string | undefined =>
  user?.avatar
    ? addressOf('/api/v1/user/{userId}/avatar/{file}', { path: { userId: user._id, file: user.avatar } })
    : undefined;

export const organisationPicture = (
  organisation: Pick<Organisation, '_id' | 'avatar'> | undefined,
): string | undefined =>
  organisation?.avatar
    ? addressOf('/api/v1/organisation/{orgId}/avatar/{fileHash}', {
        path: { orgId: organisation._id, fileHash: organisation.avatar },
      })
    : undefined;

export const membershipPicture = ({
  organisationId,
  avatar,
}: Pick<Membership, 'organisationId' | 'avatar'>): string | undefined =>
  organisationPicture({ _id: organisationId, ...(avatar === undefined ? {} : { avatar }) });

/** Why a file cannot be the picture, or undefined when it can. */
export function pictureRefusal(file: Pick<File, 'size' | 'type'>): string | undefined {
  if (!PICTURE_TYPES.some((type) => type === file.type)) return 'Choose a PNG, JPEG, GIF or WebP picture.';
  if (file.size > PICTURE_BYTES) {
    return `This picture has ${String(Math.ceil(file.size / 1000))} kB; at most 500 kB are accepted.`;
  }
  return undefined;
}

/** The file's content in base64, as the API takes it. */
export async function base64Of(file: Blob): Promise<string> {
  return (await dataUrl(file)).replace(/^data:[^,]*,/, '');
}

"""second factors, API keys, session rules, changes of address, seals of the activity log

Revision ID: 0004
Revises: 0003
"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('activity_pruning',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=True),
    sa.Column('before', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pruned_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('activity_pruning', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_activity_pruning_organization_id'), ['organization_id'], unique=False)

    op.create_table('activity_seal',
    sa.Column('sequence', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('line_digest', sa.String(length=64), nullable=False),
    sa.Column('chain', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('sequence'),
    sa.UniqueConstraint('activity_id')
    )
    op.create_table('authenticator_app',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('sealed_secret', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_step', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['ab_user.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('account_id')
    )
    op.create_table('email_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('old_email', sa.String(length=320), nullable=False),
    sa.Column('new_email', sa.String(length=320), nullable=False),
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('undo_digest', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undo_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['ab_user.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_digest'),
    sa.UniqueConstraint('undo_digest')
    )
    with op.batch_alter_table('email_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_email_change_account_id'), ['account_id'], unique=False)

    op.create_table('passkey',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('credential_id', sa.String(length=1400), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('user_handle', sa.String(length=90), nullable=False),
    sa.Column('sign_count', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('transports', sa.String(length=100), nullable=False),
    sa.Column('is_synced', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['ab_user.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('credential_id')
    )
    with op.batch_alter_table('passkey', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_passkey_account_id'), ['account_id'], unique=False)

    op.create_table('passkey_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('browser_digest', sa.String(length=64), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('challenge', sa.String(length=128), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['ab_user.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('browser_digest')
    )
    with op.batch_alter_table('passkey_question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_passkey_question_account_id'), ['account_id'], unique=False)

    op.create_table('portal_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('prefix', sa.String(length=20), nullable=False),
    sa.Column('secret_digest', sa.String(length=64), nullable=False),
    sa.Column('scopes', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=300), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_ip', sa.String(length=45), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['ab_user.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('prefix')
    )
    with op.batch_alter_table('portal_key', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_portal_key_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_portal_key_organization_id'), ['organization_id'], unique=False)

    op.create_table('recovery_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('salt', sa.String(length=64), nullable=False),
    sa.Column('code_digest', sa.String(length=128), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['ab_user.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('recovery_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recovery_code_account_id'), ['account_id'], unique=False)

    op.create_table('trusted_device',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('key_digest', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ip', sa.String(length=45), nullable=False),
    sa.Column('user_agent', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['ab_user.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('key_digest')
    )
    with op.batch_alter_table('trusted_device', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_trusted_device_account_id'), ['account_id'], unique=False)

    op.create_table('two_factor_exception',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('membership_id', sa.Integer(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('granted_by', sa.String(length=300), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['membership_id'], ['membership.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('membership_id')
    )
    op.create_table('two_factor_reminder',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('membership_id', sa.Integer(), nullable=False),
    sa.Column('deadline', sa.DateTime(timezone=True), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['membership_id'], ['membership.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('membership_id', 'deadline', 'days')
    )
    with op.batch_alter_table('ab_user', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_service', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('account_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('idle_until', sa.DateTime(timezone=True), server_default='1970-01-01 00:00:00+00:00', nullable=False))
        batch_op.add_column(sa.Column('proved_at', sa.DateTime(timezone=True), server_default='1970-01-01 00:00:00+00:00', nullable=False))
        batch_op.add_column(sa.Column('method', sa.String(length=20), server_default='password', nullable=False))
    op.execute('UPDATE account_session SET proved_at = created_at, idle_until = expires_at')  # the first page read sets it right

    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.add_column(sa.Column('via', sa.String(length=100), server_default='', nullable=False))
        batch_op.add_column(sa.Column('undoes_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_activity_undoes_id'), ['undoes_id'], unique=False)

    with op.batch_alter_table('organization', schema=None) as batch_op:
        batch_op.add_column(sa.Column('two_factor_strong', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('two_factor_deadline', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('session_idle_minutes', sa.Integer(), server_default='30', nullable=False))
        batch_op.add_column(sa.Column('session_hours', sa.Integer(), server_default='12', nullable=False))
        batch_op.add_column(sa.Column('log_kept_days', sa.Integer(), nullable=True))



def downgrade() -> None:
    op.drop_column('organization', 'log_kept_days')
    op.drop_column('organization', 'session_hours')
    op.drop_column('organization', 'session_idle_minutes')
    op.drop_column('organization', 'two_factor_deadline')
    op.drop_column('organization', 'two_factor_strong')

    op.drop_index('ix_activity_undoes_id', table_name='activity')
    op.drop_column('activity', 'undoes_id')
    op.drop_column('activity', 'via')

    op.drop_column('account_session', 'method')
    op.drop_column('account_session', 'proved_at')
    op.drop_column('account_session', 'idle_until')

    op.drop_column('ab_user', 'is_service')

    op.drop_table('two_factor_reminder')
    op.drop_table('two_factor_exception')
    op.drop_index('ix_trusted_device_account_id', table_name='trusted_device')

    op.drop_table('trusted_device')
    op.drop_index('ix_recovery_code_account_id', table_name='recovery_code')

    op.drop_table('recovery_code')
    op.drop_index('ix_portal_key_organization_id', table_name='portal_key')
    op.drop_index('ix_portal_key_account_id', table_name='portal_key')

    op.drop_table('portal_key')
    op.drop_index('ix_passkey_question_account_id', table_name='passkey_question')

    op.drop_table('passkey_question')
    op.drop_index('ix_passkey_account_id', table_name='passkey')

    op.drop_table('passkey')
    op.drop_index('ix_email_change_account_id', table_name='email_change')

    op.drop_table('email_change')
    op.drop_table('authenticator_app')
    op.drop_table('activity_seal')
    op.drop_index('ix_activity_pruning_organization_id', table_name='activity_pruning')

    op.drop_table('activity_pruning')

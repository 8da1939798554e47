package sqlstore

import (
	"time"

	"oots/internal/login"
	"oots/internal/requester"
	"oots/internal/store"
)

// subject is the name under which the rows of a user are found.
func (q Requester) subject(u login.Identity) string {
	return q.s.Seal.Pseudonym(requester.UserText(u), "requester_conversation")
}

// ApplicationsOf implements requester.Store.
func (q Requester) ApplicationsOf(tx *store.Tx, u login.Identity) ([]string, error) {
	return texts(tx, `SELECT c.id FROM requester_conversation c JOIN requester_application a ON a.id = c.id
		WHERE c.subject = $1 ORDER BY c.created_at DESC, c.id LIMIT 100`, q.subject(u))
}

// ConversationsOf implements requester.Store.
func (q Requester) ConversationsOf(tx *store.Tx, u login.Identity) ([]string, error) {
	return texts(tx, `SELECT id FROM requester_conversation WHERE subject = $1 ORDER BY created_at DESC, id LIMIT 1000`, q.subject(u))
}

// ForgetConversations implements requester.Store.
func (q Requester) ForgetConversations(tx *store.Tx, before time.Time) error {
	_, err := tx.Exec(`DELETE FROM requester_conversation WHERE created_at < $1`, millis(before))
	return err
}

// PutUser implements requester.Store.
func (q Requester) PutUser(tx *store.Tx, applicationID string, u login.Identity, at time.Time) error {
	user, err := q.s.sealJSON(u, "requester_application:"+applicationID)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE requester_application SET user_data = $1 WHERE id = $2`, user, applicationID)
	if err != nil {
		return err
	}
	if n == 0 {
		return store.ErrNotFound
	}
	return q.touch(tx, applicationID, at)
}

// PutBasket implements requester.Store.
func (q Requester) PutBasket(tx *store.Tx, applicationID string, basket []requester.Wish, at time.Time) error {
	var sealed []byte
	if len(basket) > 0 {
		var err error
		if sealed, err = q.s.sealJSON(basket, "requester_basket:"+applicationID); err != nil {
			return err
		}
	}
	n, err := tx.Exec(`UPDATE requester_application SET basket = $1 WHERE id = $2`, sealed, applicationID)
	if err != nil {
		return err
	}
	if n == 0 {
		return store.ErrNotFound
	}
	return q.touch(tx, applicationID, at)
}
